# score: 10
import asyncio


class Stop(Exception):
    pass


async def do(step):
    if step == "turn":
        await asyncio.sleep(0)
    elif step == "hang":
        await asyncio.Event().wait()
    else:
        raise TimeoutError if step == "give up" else ValueError


class Night:
    def __init__(self, jobs, places):
        self.jobs = jobs
        self.place = asyncio.Semaphore(places)
        self.running = 0
        self.report = {
            "started": [],
            "ended": [],
            "peak": 0,
            "states": {job["name"]: "{{word.dropped}}" for job in jobs},
            "stopped_by": None,
        }

    async def run(self):
        try:
            async with asyncio.TaskGroup() as group:
                for job in self.jobs:
                    group.create_task(self.run_one(job))
        except* Stop:
            pass

    async def run_one(self, job):
        async with self.place:
            if self.report["stopped_by"]:
                return
            self.running += 1
            self.report["started"].append(job["name"])
            self.report["peak"] = max(self.report["peak"], self.running)
            try:
                self.end(job, await self.state_of(job))
            finally:
                self.running -= 1

    async def state_of(self, job):
        seconds = None if job["limit_ms"] is None else job["limit_ms"] / 1000
        try:
            async with asyncio.timeout(seconds) as patience:
                for step in job["steps"]:
                    await do(step)
        except (ValueError, TimeoutError):
            return "{{word.late}}" if patience.expired() else "{{word.failed}}"
        return "{{word.done}}"

    def end(self, job, state):
        self.report["states"][job["name"]] = state
        self.report["ended"].append(job["name"])
        if state == "{{word.failed}}" and job["{{vital}}"]:
            self.report["stopped_by"] = job["name"]
            raise Stop


def run_jobs(jobs, places):
    night = Night(jobs, places)
    asyncio.run(night.run())
    return night.report
