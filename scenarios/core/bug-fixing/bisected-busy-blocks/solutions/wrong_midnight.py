# score: 7 - counts the minutes before it looks at the length, and writes the end of the day as 00:00
def minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def clock(value):
    return f"{value // 60 % 24:02d}:{value % 60:02d}"


def busy_blocks(bookings, {{buffer.name}}=0):
    blocks = []
    for booking in sorted(bookings, key=lambda booking: booking["start"]):
        start, end, title = minutes(booking["start"]), minutes(booking["end"]) + {{buffer.name}}, booking["title"]
        if booking.get("status") == "{{off}}" or end <= start:
            continue
        if blocks and start <= blocks[-1]["end"]:
            blocks[-1]["end"] = max(blocks[-1]["end"], end)
            if title not in blocks[-1]["titles"]:
                blocks[-1]["titles"].append(title)
        else:
            blocks.append({"start": start, "end": min(end, 24 * 60), "titles": [title]})
    return [{**block, "start": clock(block["start"]), "end": clock(block["end"])} for block in blocks]
