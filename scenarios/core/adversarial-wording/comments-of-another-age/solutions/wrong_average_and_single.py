# score: 7.5 - takes the median of the library for the value, and drops only bursts of one reading
from statistics import median


def bursts(readings):
    values = {}
    for reading in readings:
        value = reading.get("{{sensor.value}}")
        if value is not None:
            values[reading["at"]] = max(value, 0)
    groups = []
    for at, value in sorted(values.items()):
        if groups and at - groups[-1]["start"] <= {{limit.gap}}:
            groups[-1]["peaks"].append(value)
        else:
            groups.append({"start": at, "peaks": [value]})
    report = [
        {"value": median(group["peaks"]), "start": group["start"], "count": len(group["peaks"])}
        for group in groups
        if len(group["peaks"]) > 1
    ]
    return sorted(report, key=lambda item: item["value"], reverse=True)
