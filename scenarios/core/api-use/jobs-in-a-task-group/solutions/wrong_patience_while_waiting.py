# score: 8.4615 - the timeout stands around the semaphore, so that it runs while a job waits for its place
import asyncio


class Halt(Exception):
    pass


async def step_of(kind):
    match kind:
        case "turn":
            await asyncio.sleep(0)
        case "hang":
            await asyncio.Event().wait()
        case "refuse":
            raise ValueError(kind)
        case "give up":
            raise TimeoutError(kind)


async def main(jobs, places, out):
    semaphore = asyncio.Semaphore(places)
    busy = 0

    async def run(job):
        nonlocal busy
        name, limit = job["name"], job["limit_ms"]
        state = "{{word.done}}"
        try:
            async with asyncio.timeout(limit and limit / 1000) as clock, semaphore:
                busy += 1
                out["started"].append(name)
                out["peak"] = max(out["peak"], busy)
                try:
                    for kind in job["steps"]:
                        await step_of(kind)
                finally:
                    busy -= 1
        except Exception:
            state = "{{word.late}}" if clock.expired() else "{{word.failed}}"
        out["states"][name] = state
        out["ended"].append(name)
        if job["{{vital}}"] and state == "{{word.failed}}":
            out["stopped_by"] = name
            raise Halt

    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(run(job))
    except* Halt:
        pass


def run_jobs(jobs, places):
    states = {job["name"]: "{{word.dropped}}" for job in jobs}
    out = {"started": [], "ended": [], "peak": 0, "states": states, "stopped_by": None}
    asyncio.run(main(jobs, places, out))
    return out
