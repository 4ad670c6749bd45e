# score: 3 - lets later values replace earlier ones, knows neither negation nor errors
import fnmatch


def settings_for(config: str, host: str) -> dict:
    settings = {"hostname": host}
    applies = True
    for line in config.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, _, value = line.replace("=", " ").partition(" ")
        key = key.lower()
        value = value.strip().strip('"')
        if key == "host":
            applies = any(fnmatch.fnmatch(host, pattern) for pattern in value.split())
        elif applies and key == "identityfile":
            settings.setdefault(key, []).append(value)
        elif applies:
            settings[key] = value.replace("%h", host)
    return settings
