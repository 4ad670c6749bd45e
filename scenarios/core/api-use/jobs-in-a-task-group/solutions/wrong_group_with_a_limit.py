# score: 0 - gives the group a limit and starts soon, as other libraries might
import asyncio


def run_jobs(jobs, places):
    out = {"started": [], "ended": [], "peak": 0, "states": {}, "stopped_by": None}

    async def perform(job):
        out["started"].append(job["name"])
        with asyncio.move_on_after(job["limit_ms"] / 1000) as scope:
            for step in job["steps"]:
                await asyncio.sleep(0)
        out["states"][job["name"]] = "{{word.late}}" if scope.cancelled_caught else "{{word.done}}"
        out["ended"].append(job["name"])

    async def main():
        async with asyncio.TaskGroup(limit=places) as group:
            for job in jobs:
                group.start_soon(perform, job)

    asyncio.run(main())
    return out
