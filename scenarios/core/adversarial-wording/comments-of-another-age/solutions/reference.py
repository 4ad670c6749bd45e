# score: 10
LONGEST = {{limit.gap}}
"""A burst spans at most this much, counted from its first reading."""


def last_value_by_time(readings):
    values = {}
    for reading in readings:
        value = reading.get("{{sensor.value}}")
        if value is not None:
            values[reading["at"]] = max(value, 0)
    return values


def bursts(readings):
    groups = []
    for at, value in sorted(last_value_by_time(readings).items()):
        if not groups or at - groups[-1][0] > LONGEST:
            groups.append((at, []))
        groups[-1][1].append(value)
    report = [
        {"value": sorted(values)[len(values) // 2], "start": start, "count": len(values)}
        for start, values in groups
        if min(values) != max(values)
    ]
    return sorted(report, key=lambda item: item["value"], reverse=True)
