# score: 7.3913 - knows the keys of one tuple only, and lets a negative letter take its key
import asyncio

import mailroom


async def collect(script, limit):
    feed = mailroom.Feed(script)
    totals, again, aside = {}, [], []
    async with mailroom.{{api.open}}(feed, group="{{group}}") as line:
        async for letters in line.{{api.stream}}():
            keys, done = set(), []
            for letter in letters:
                try:
                    content = await letter.{{api.text}}()
                except mailroom.{{api.bad}}:
                    if letter.tries >= limit:
                        await line.{{api.dead}}(letter.id, "unreadable")
                        aside.append(letter.id)
                    else:
                        await line.{{api.back}}(letter.id, {{api.late}}=2 ** letter.tries)
                        again.append(letter.id)
                    continue
                is_new = content["key"] not in keys
                keys.add(content["key"])
                if content["cents"] < 0:
                    await line.{{api.dead}}(letter.id, "negative")
                    aside.append(letter.id)
                    continue
                if is_new:
                    totals[content["account"]] = totals.get(content["account"], 0) + content["cents"]
                done.append(letter.id)
            for start in range(0, len(done), {{cap.most}}):
                await line.{{api.ok}}(*done[start : start + {{cap.most}}])
    return {"totals": totals, "again": again, "aside": aside, "log": feed.log}


def drain(script, limit):
    return asyncio.run(collect(script, limit))
