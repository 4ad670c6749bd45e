# score: 5.5 - normalises and compares with the root, so dots that stay inside pass, and case does not count
import os.path

ROOT = "{{pack.root}}"
MAX_FILES = {{cap.files}}
MAX_TOTAL = {{cap.total}}


def plan_extraction(members):
    plan = []
    seen = set()
    total = 0
    for member in members:
        name = member["name"].replace("\\", "/")
        if member["type"] in ("symlink", "hardlink"):
            raise ValueError(f"link: {name}")
        if os.path.isabs(name) or ":" in name or any(ord(c) < 32 or ord(c) == 127 for c in name):
            raise ValueError(f"unsafe member: {name}")
        path = os.path.normpath(os.path.join(ROOT, name))
        if path != ROOT and not path.startswith(ROOT + "/"):
            raise ValueError(f"unsafe member: {name}")
        if member["type"] == "dir":
            continue
        if path in seen:
            raise ValueError(f"duplicate member: {name}")
        seen.add(path)
        total += member["size"]
        plan.append([path, member["size"]])
    if len(plan) > MAX_FILES or total > MAX_TOTAL:
        raise ValueError("archive too large")
    return plan
