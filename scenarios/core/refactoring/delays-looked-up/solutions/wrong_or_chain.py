# score: 4.7826 - joins the places by or in one function, so that 0 and null count as missing
SECONDS = {"s": 1, "min": 60, "h": 3600}


def setting_of(device, groups, site):
    tried = ["device"]
    found = device.get("settings", {}).get("{{key}}", {})
    seconds = found.get("value", 0) * SECONDS.get(found.get("unit"), 1)
    if not seconds:
        tried.append("group")
        group = groups.get(device.get("group"), {})
        seconds = group.get("{{key}}", 0) * SECONDS.get(site.get("unit"), 0) or group.get("fallback")
    if not seconds:
        tried.append("site")
        seconds = site.get("{{key}}") or {{default}}
    cap = site.get("caps", {}).get(device.get("model"))
    if cap and seconds > cap:
        tried.append("cap")
        seconds = cap
    return {"seconds": seconds, "tried": tried}
