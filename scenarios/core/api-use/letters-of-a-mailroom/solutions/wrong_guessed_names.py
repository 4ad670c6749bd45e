# score: 0.4348 - acks and nacks with a delay, as other queues do, and connects to the line with a class of its own
import asyncio

import mailroom


async def run(feed, limit):
    totals, again, aside, seen = {}, [], [], set()
    async with mailroom.{{api.open}}(feed, group="{{group}}") as line:
        async for letters in line.{{api.stream}}():
            for letter in letters:
                try:
                    item = await letter.{{api.text}}()
                except mailroom.{{api.bad}}:
                    await line.nack(letter.id, delay=2 ** letter.tries)
                    again.append(letter.id)
                    continue
                if item["cents"] < 0:
                    await line.reject(letter.id, reason="negative")
                    aside.append(letter.id)
                    continue
                if item["key"] not in seen:
                    seen.add(item["key"])
                    totals[item["account"]] = totals.get(item["account"], 0) + item["cents"]
                await line.ack(letter.id)
    return {"totals": totals, "again": again, "aside": aside, "log": feed.log}


def drain(script, limit):
    return asyncio.run(run(mailroom.Feed(script), limit))
