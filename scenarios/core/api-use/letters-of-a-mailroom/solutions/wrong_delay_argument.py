# score: 6.087 - `delay_s` and `reason` are no arguments of the module
import asyncio
from itertools import islice

from mailroom import Feed, {{api.bad}}, {{api.open}}


class Drain:
    def __init__(self, limit):
        self.limit = limit
        self.keys = set()
        self.result = {"totals": {}, "again": [], "aside": []}

    async def run(self, feed):
        async with {{api.open}}(feed, group="{{group}}") as line:
            async for letters in line.{{api.stream}}():
                done = []
                for letter in letters:
                    try:
                        content = await letter.{{api.text}}()
                    except {{api.bad}}:
                        if letter.tries >= self.limit:
                            await line.{{api.dead}}(letter.id, reason="unreadable")
                            self.result["aside"].append(letter.id)
                        else:
                            await line.{{api.back}}(letter.id, delay_s=2 ** letter.tries)
                            self.result["again"].append(letter.id)
                        continue
                    if content["cents"] < 0:
                        await line.{{api.dead}}(letter.id, "negative")
                        self.result["aside"].append(letter.id)
                        continue
                    if content["key"] not in self.keys:
                        self.keys.add(content["key"])
                        totals = self.result["totals"]
                        totals[content["account"]] = totals.get(content["account"], 0) + content["cents"]
                    done.append(letter.id)
                rest = iter(done)
                while group := list(islice(rest, {{cap.most}})):
                    await line.{{api.ok}}(*group)
        return {**self.result, "log": feed.log}


def drain(script, limit):
    return asyncio.run(Drain(limit).run(Feed(script)))
