# score: 9 - looks for collisions only in what came before, and only among files
import re

ROOT = "{{pack.root}}"
MAX_FILES = {{cap.files}}
MAX_TOTAL = {{cap.total}}


def clean(name):
    name = name.replace("\\", "/")
    if name.startswith("/") or re.search(r"[:\x00-\x1f\x7f]", name):
        raise ValueError(f"unsafe member: {name!r}")
    parts = [part for part in name.split("/") if part and part != "."]
    if ".." in parts:
        raise ValueError(f"unsafe member: {name!r}")
    return parts


def plan_extraction(members):
    plan = []
    seen = set()
    total = 0
    for member in members:
        parts = clean(member["name"])
        if member["type"] in ("symlink", "hardlink"):
            raise ValueError("links are not allowed")
        if member["type"] == "dir":
            continue
        if not parts:
            raise ValueError("empty name")
        if member["size"] < 0:
            raise ValueError("negative size")
        key = "/".join(parts).casefold()
        parents = {"/".join(parts[:i]).casefold() for i in range(1, len(parts))}
        if key in seen or parents & seen:
            raise ValueError(f"conflicting member: {member['name']!r}")
        seen.add(key)
        total += member["size"]
        plan.append([f"{ROOT}/{'/'.join(parts)}", member["size"]])
        if len(plan) > MAX_FILES or total > MAX_TOTAL:
            raise ValueError("archive too large")
    return plan
