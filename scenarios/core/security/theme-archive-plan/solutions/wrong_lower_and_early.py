# score: 4.5 - folds case by lower, skips directories before their names are looked at, counts all members
import re

ROOT = "{{pack.root}}"
MAX_FILES = {{cap.files}}
MAX_TOTAL = {{cap.total}}


def plan_extraction(members):
    if len(members) > MAX_FILES:
        raise ValueError("too many files")
    plan, files, folders = [], set(), set()
    for member in members:
        name = member["name"].replace("\\", "/")
        if member["type"] == "dir":
            folders.add(name.strip("/").lower())
            continue
        if member["type"] != "file":
            raise ValueError("links are refused")
        if name.startswith("/") or ":" in name or re.search(r"[\x00-\x1f\x7f]", name):
            raise ValueError("unsafe name")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if not parts or ".." in parts or member["size"] < 0:
            raise ValueError("unsafe member")
        path = "/".join(parts)
        if path.lower() in files:
            raise ValueError("duplicate")
        files.add(path.lower())
        for end in range(1, len(parts)):
            folders.add("/".join(parts[:end]).lower())
        plan.append([ROOT + "/" + path, member["size"]])
    if files & folders or sum(size for _, size in plan) > MAX_TOTAL:
        raise ValueError("refused")
    return plan
