# score: 10
SECONDS = {"s": 1, "min": 60, "h": 3600}
ABSENT = object()


def of_device(device, groups, site):
    settings = device.get("settings", {})
    if "{{key}}" not in settings or "value" not in settings["{{key}}"]:
        return ABSENT
    found = settings["{{key}}"]
    if found.get("unit") in SECONDS:
        return found["value"] * SECONDS[found["unit"]]
    return found["value"]


def of_group(device, groups, site):
    if device.get("group") not in groups:
        return ABSENT
    found = groups[device["group"]]
    if "{{key}}" in found and site.get("unit") in SECONDS:
        return found["{{key}}"] * SECONDS[site["unit"]]
    return found.get("fallback", ABSENT)


def of_site(device, groups, site):
    return site.get("{{key}}", {{default}})


PLACES = {"device": of_device, "group": of_group, "site": of_site}


def is_above_cap(seconds, device, site):
    if "caps" not in site or "model" not in device or device["model"] not in site["caps"]:
        return False
    return seconds is not None and seconds > site["caps"][device["model"]]


def setting_of(device, groups, site):
    tried = []
    for place, look in PLACES.items():
        tried.append(place)
        seconds = look(device, groups, site)
        if seconds is not ABSENT:
            break
    if is_above_cap(seconds, device, site):
        return {"seconds": site["caps"][device["model"]], "tried": [*tried, "cap"]}
    return {"seconds": seconds, "tried": tried}
