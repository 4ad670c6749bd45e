# score: 6.5 - the old function with an argument that does nothing
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
    return blocks
