# score: 6.087 - a function for each try, a null within is caught with the missing keys
SECONDS = {"s": 1, "min": 60, "h": 3600}
MISSING = object()


def dig(data, *path):
    for key in path:
        try:
            data = data[key]
        except (KeyError, TypeError):
            return MISSING
    return data


def of_device(device, groups, site):
    value = dig(device, "settings", "{{key}}", "value")
    factor = dig(SECONDS, dig(device, "settings", "{{key}}", "unit"))
    return value if MISSING in (value, factor) else value * factor


def of_group(device, groups, site):
    group = device.get("group")
    value = dig(groups, group, "{{key}}")
    factor = dig(SECONDS, site.get("unit"))
    return dig(groups, group, "fallback") if MISSING in (value, factor) else value * factor


def of_site(device, groups, site):
    return site.get("{{key}}", {{default}})


def setting_of(device, groups, site):
    tried = []
    for place, look in (("device", of_device), ("group", of_group), ("site", of_site)):
        tried.append(place)
        seconds = look(device, groups, site)
        if seconds is not MISSING:
            break
    cap = dig(site, "caps", device.get("model"))
    if cap is not MISSING and seconds is not None and seconds > cap:
        tried.append("cap")
        seconds = cap
    return {"seconds": seconds, "tried": tried}
