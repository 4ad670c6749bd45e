# score: 7.8261 - takes null for a missing key
SECONDS = {"s": 1, "min": 60, "h": 3600}


def of_device(device):
    found = (device.get("settings") or {}).get("{{key}}") or {}
    value = found.get("value")
    factor = SECONDS.get(found.get("unit"), 1)
    return None if value is None else value * factor


def of_group(device, groups, site):
    found = groups.get(device.get("group")) or {}
    value = found.get("{{key}}")
    factor = SECONDS.get(site.get("unit"))
    if value is None or factor is None:
        return found.get("fallback")
    return value * factor


def uncapped(device, groups, site):
    seconds = of_device(device)
    if seconds is not None:
        return seconds, ["device"]
    seconds = of_group(device, groups, site)
    if seconds is not None:
        return seconds, ["device", "group"]
    return site.get("{{key}}", {{default}}), ["device", "group", "site"]


def setting_of(device, groups, site):
    seconds, tried = uncapped(device, groups, site)
    cap = (site.get("caps") or {}).get(device.get("model"))
    if cap is not None and seconds is not None and seconds > cap:
        seconds = cap
        tried.append("cap")
    return {"seconds": seconds, "tried": tried}
