# score: 5 - mends touching and contained bookings, not the skipped ones, the titles, the status and midnight
def minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def clock(value):
    return f"{value // 60 % 24:02d}:{value % 60:02d}"


def busy_blocks(bookings, {{buffer.name}}=0):
    blocks = []
    for booking in sorted(bookings, key=lambda booking: booking["start"]):
        start, end = minutes(booking["start"]), minutes(booking["end"]) + {{buffer.name}}
        if booking.get("status") == "{{off}}" or end < start:
            continue
        if blocks and start <= blocks[-1]["end"]:
            blocks[-1]["end"] = max(blocks[-1]["end"], end)
            blocks[-1]["titles"].append(booking["title"])
        else:
            blocks.append({"start": start, "end": end, "titles": [booking["title"]]})
    return [{**block, "start": clock(block["start"]), "end": clock(block["end"])} for block in blocks]
