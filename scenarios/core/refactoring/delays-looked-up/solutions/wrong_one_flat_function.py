# score: 7.3913 - the lookups are plain, and all in one function
SECONDS = {"s": 1, "min": 60, "h": 3600}


def setting_of(device, groups, site):
    tried = ["device"]
    settings = device.get("settings", {})
    group = device.get("group")
    if "{{key}}" in settings and "value" in settings["{{key}}"]:
        seconds = settings["{{key}}"]["value"]
        if settings["{{key}}"].get("unit") in SECONDS:
            seconds *= SECONDS[settings["{{key}}"]["unit"]]
    elif group in groups and "{{key}}" in groups[group] and site.get("unit") in SECONDS:
        tried.append("group")
        seconds = groups[group]["{{key}}"] * SECONDS[site["unit"]]
    elif group in groups and "fallback" in groups[group]:
        tried.append("group")
        seconds = groups[group]["fallback"]
    else:
        tried += ["group", "site"]
        seconds = site.get("{{key}}", {{default}})
    model = device.get("model")
    caps = site.get("caps", {})
    if model in caps and seconds is not None and seconds > caps[model]:
        tried.append("cap")
        seconds = caps[model]
    return {"seconds": seconds, "tried": tried}
