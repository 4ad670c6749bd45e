# score: 7.3077 - gathers with wait_for as one did before 3.11
import asyncio


async def perform(steps):
    for step in steps:
        if step == "turn":
            await asyncio.sleep(0)
        elif step == "hang":
            await asyncio.Event().wait()
        elif step == "refuse":
            raise ValueError(step)
        else:
            raise TimeoutError(step)


def run_jobs(jobs, places):
    out = {"started": [], "ended": [], "peak": 0, "states": {}, "stopped_by": None}
    count = 0

    async def run(job, semaphore):
        nonlocal count
        async with semaphore:
            if out["stopped_by"]:
                return
            count += 1
            out["started"].append(job["name"])
            out["peak"] = max(out["peak"], count)
            try:
                limit = job["limit_ms"]
                await asyncio.wait_for(perform(job["steps"]), limit / 1000 if limit else None)
                out["states"][job["name"]] = "{{word.done}}"
            except asyncio.TimeoutError:
                out["states"][job["name"]] = "{{word.late}}"
            except ValueError:
                out["states"][job["name"]] = "{{word.failed}}"
                if job["{{vital}}"]:
                    out["stopped_by"] = job["name"]
            finally:
                count -= 1
            out["ended"].append(job["name"])

    async def main():
        semaphore = asyncio.Semaphore(places)
        await asyncio.gather(*(run(job, semaphore) for job in jobs))

    asyncio.run(main())
    for job in jobs:
        out["states"].setdefault(job["name"], "{{word.dropped}}")
    return out
