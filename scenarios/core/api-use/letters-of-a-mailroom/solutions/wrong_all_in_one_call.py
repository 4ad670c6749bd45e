# score: 8.6957 - reports all letters of a tuple in one call
import asyncio

import mailroom


async def run(feed, limit):
    totals, again, aside, seen = {}, [], [], set()
    async with mailroom.{{api.open}}(feed, group="{{group}}") as line:
        async for letters in line.{{api.stream}}():
            done = []
            for letter in letters:
                try:
                    item = await letter.{{api.text}}()
                except mailroom.{{api.bad}}:
                    if letter.tries < limit:
                        again.append(letter.id)
                        await line.{{api.back}}(letter.id, {{api.late}}=2 ** letter.tries)
                    else:
                        aside.append(letter.id)
                        await line.{{api.dead}}(letter.id, "unreadable")
                    continue
                if item["cents"] < 0:
                    aside.append(letter.id)
                    await line.{{api.dead}}(letter.id, "negative")
                    continue
                if item["key"] not in seen:
                    seen.add(item["key"])
                    totals[item["account"]] = totals.get(item["account"], 0) + item["cents"]
                done.append(letter.id)
            if done:
                await line.{{api.ok}}(*done)
    return {"totals": totals, "again": again, "aside": aside, "log": feed.log}


def drain(script, limit):
    return asyncio.run(run(mailroom.Feed(script), limit))
