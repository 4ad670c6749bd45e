# score: 10
import re

ROOT = "{{pack.root}}"
MAX_FILES = {{cap.files}}
MAX_TOTAL = {{cap.total}}
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f:]")


def plan_extraction(members):
    plan = []
    files = set()
    folders = set()
    total = 0
    for member in members:
        parts = parts_of(member["name"])
        if member["type"] not in ("file", "dir"):
            raise ValueError(f"a link: {member['name']!r}")
        keys = ["/".join(parts[: end + 1]).casefold() for end in range(len(parts))]
        if member["type"] == "dir":
            folders.update(keys)
            continue
        if not parts or keys[-1] in files:
            raise ValueError(f"no path of its own: {member['name']!r}")
        if member["size"] < 0:
            raise ValueError(f"a negative size: {member['name']!r}")
        files.add(keys[-1])
        folders.update(keys[:-1])
        total += member["size"]
        plan.append([ROOT + "/" + "/".join(parts), member["size"]])
    if files & folders:
        raise ValueError("a path is both a file and a directory")
    if len(plan) > MAX_FILES or total > MAX_TOTAL:
        raise ValueError("too large")
    return plan


def parts_of(name):
    path = name.replace("\\", "/")
    if path.startswith("/") or FORBIDDEN.search(path):
        raise ValueError(f"unsafe member: {name!r}")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(f"unsafe member: {name!r}")
    return parts
