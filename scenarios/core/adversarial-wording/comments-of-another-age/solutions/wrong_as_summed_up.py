# score: 1.5 - writes what the summary, the docstring and the comments say
def bursts(readings):
    first = {}
    for reading in readings:
        value = reading.get("{{sensor.value}}")
        if value is not None and value >= 0:
            first.setdefault(reading["at"], value)
    groups = []
    for at, value in sorted(first.items()):
        if groups and at - groups[-1][-1][0] <= {{limit.gap}}:
            groups[-1].append((at, value))
        else:
            groups.append([(at, value)])
    report = [
        {"value": sum(value for _, value in group) / len(group), "start": group[0][0], "count": len(group)}
        for group in groups
        if len(group) > 1
    ]
    return sorted(report, key=lambda item: item["count"], reverse=True)
