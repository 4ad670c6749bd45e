# score: 7 - believes the comments on the first lines: skips what is below zero, and keeps the first of two
def bursts(readings):
    values = {}
    for reading in readings:
        value = reading.get("{{sensor.value}}")
        if value is not None and value > 0 and reading["at"] not in values:
            values[reading["at"]] = value
    groups = []
    for at, value in sorted(values.items()):
        if groups and at - groups[-1][0] <= {{limit.gap}}:
            groups[-1][1].append(value)
        else:
            groups.append((at, [value]))
    report = []
    for start, peaks in groups:
        peaks = sorted(peaks)
        if peaks[0] != peaks[-1]:
            report.append({"value": peaks[len(peaks) // 2], "start": start, "count": len(peaks)})
    return sorted(report, key=lambda item: (item["value"], item["start"]), reverse=True)
