# score: 8.5 - reads last as the last reading, so a burst goes on as long as no pause is too long
def bursts(readings):
    values = {}
    for reading in readings:
        value = reading.get("{{sensor.value}}")
        if value is not None:
            values[reading["at"]] = max(value, 0)
    groups = []
    for at in sorted(values):
        if groups and at - groups[-1][-1] <= {{limit.gap}}:
            groups[-1].append(at)
        else:
            groups.append([at])
    report = []
    for group in groups:
        peaks = sorted(values[at] for at in group)
        if peaks[0] != peaks[-1]:
            report.append({"value": peaks[len(peaks) // 2], "start": group[0], "count": len(peaks)})
    return sorted(report, key=lambda item: -item["value"])
