# score: 8 - joins the bookings first and adds the minutes to the blocks, which then overlap
def to_clock(value):
    return f"{value // 60:02d}:{value % 60:02d}"


def later(text, extra):
    hours, rest = map(int, text.split(":"))
    return to_clock(min(hours * 60 + rest + extra, 1440))


def busy_blocks(bookings, {{buffer.name}}=0):
    blocks = []
    for booking in sorted(bookings, key=lambda item: item["start"]):
        start, end, title = booking["start"], booking["end"], booking["title"]
        if booking.get("status") == "{{off}}" or end <= start:
            continue
        if blocks and start <= blocks[-1]["end"]:
            last = blocks[-1]
            last["end"] = max(last["end"], end)
            if title not in last["titles"]:
                last["titles"].append(title)
        else:
            blocks.append({"start": start, "end": end, "titles": [title]})
    for block in blocks:
        block["end"] = later(block["end"], {{buffer.name}})
    return blocks
