# score: 10
END_OF_DAY = 24 * 60


def to_minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def to_clock(value):
    return f"{value // 60:02d}:{value % 60:02d}"


def busy_blocks(bookings, {{buffer.name}}=0):
    """When a {{buffer.thing}} is taken: the blocks of one day, earliest first."""
    blocks = []
    for booking in sorted(bookings, key=lambda booking: booking["start"]):
        start, end, title = to_minutes(booking["start"]), to_minutes(booking["end"]), booking["title"]
        if booking.get("status") == "{{off}}" or end <= start:
            continue
        end = min(end + {{buffer.name}}, END_OF_DAY)
        if blocks and start <= blocks[-1]["end"]:
            last = blocks[-1]
            last["end"] = max(last["end"], end)
            if title not in last["titles"]:
                last["titles"].append(title)
        else:
            blocks.append({"start": start, "end": end, "titles": [title]})
    return [{**block, "start": to_clock(block["start"]), "end": to_clock(block["end"])} for block in blocks]
