# score: 10
import asyncio

import mailroom

MOST = {{cap.most}}


class Booking:
    def __init__(self, limit):
        self.limit = limit
        self.booked = set()
        self.totals, self.again, self.aside = {}, [], []

    async def handle(self, line, letter):
        """Whether the letter is done."""
        try:
            content = await letter.{{api.text}}()
        except mailroom.{{api.bad}}:
            await self.postpone(line, letter)
            return False
        if content["cents"] < 0:
            await self.put_aside(line, letter, "negative")
            return False
        if content["key"] not in self.booked:
            self.booked.add(content["key"])
            account = content["account"]
            self.totals[account] = self.totals.get(account, 0) + content["cents"]
        return True

    async def postpone(self, line, letter):
        if letter.tries >= self.limit:
            await self.put_aside(line, letter, "unreadable")
        else:
            await line.{{api.back}}(letter.id, {{api.late}}=2**letter.tries)
            self.again.append(letter.id)

    async def put_aside(self, line, letter, why):
        await line.{{api.dead}}(letter.id, why)
        self.aside.append(letter.id)


async def work(feed, booking):
    async with mailroom.{{api.open}}(feed, group="{{group}}") as line:
        async for letters in line.{{api.stream}}():
            done = [letter.id for letter in letters if await booking.handle(line, letter)]
            for start in range(0, len(done), MOST):
                await line.{{api.ok}}(*done[start : start + MOST])


def drain(script, limit):
    feed = mailroom.Feed(script)
    booking = Booking(limit)
    asyncio.run(work(feed, booking))
    return {"totals": booking.totals, "again": booking.again, "aside": booking.aside, "log": feed.log}
