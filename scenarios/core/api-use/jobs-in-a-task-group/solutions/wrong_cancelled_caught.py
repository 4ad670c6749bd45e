# score: 3.4615 - asks the timeout for `cancelled_caught`, as trio's scopes have it
import asyncio


class Halt(Exception):
    pass


async def perform(steps):
    for step in steps:
        if step == "turn":
            await asyncio.sleep(0)
        elif step == "hang":
            await asyncio.Event().wait()
        else:
            raise TimeoutError(step) if step == "give up" else ValueError(step)


def run_jobs(jobs, places):
    out = {"started": [], "ended": [], "peak": 0, "states": {}, "stopped_by": None}
    running = set()

    async def run(job, gate):
        name = job["name"]
        out["states"][name] = "{{word.dropped}}"
        async with gate:
            running.add(name)
            out["started"].append(name)
            out["peak"] = max(out["peak"], len(running))
            try:
                limit = job["limit_ms"]
                async with asyncio.timeout(limit / 1000 if limit is not None else None) as scope:
                    await perform(job["steps"])
                state = "{{word.done}}"
            except (TimeoutError, ValueError):
                state = "{{word.late}}" if scope.cancelled_caught else "{{word.failed}}"
            finally:
                running.discard(name)
            out["states"][name] = state
            out["ended"].append(name)
            if state == "{{word.failed}}" and job["{{vital}}"]:
                out["stopped_by"] = name
                raise Halt(name)

    async def main():
        gate = asyncio.Semaphore(places)
        try:
            async with asyncio.TaskGroup() as group:
                for job in jobs:
                    group.create_task(run(job, gate))
        except* Halt:
            pass

    asyncio.run(main())
    return out
