# score: 3 - mends the comparison with the root and refuses links, and leaves the rest
import os.path

ROOT = "{{pack.root}}"
MAX_FILES = {{cap.files}}
MAX_TOTAL = {{cap.total}}


def plan_extraction(members):
    plan = []
    total = 0
    for member in members:
        if member["type"] not in ("file", "dir"):
            raise ValueError(f"unsafe member: {member['name']}")
        path = os.path.normpath(os.path.join(ROOT, member["name"]))
        if os.path.commonpath([ROOT, path]) != ROOT or "\0" in path:
            raise ValueError(f"unsafe member: {member['name']}")
        if member["type"] == "file":
            total += member["size"]
            plan.append([path, member["size"]])
    if len(plan) > MAX_FILES or total > MAX_TOTAL:
        raise ValueError("archive too large")
    return plan
