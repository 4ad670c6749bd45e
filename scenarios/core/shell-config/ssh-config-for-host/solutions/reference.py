# score: 10
import re

LINE = re.compile(r"([^\s=]+)(?:[ \t]*=[ \t]*|[ \t]+|$)(.*)")


def settings_for(config: str, host: str) -> dict:
    settings = {}
    applies = True
    for raw in config.split("\n"):
        line = raw.strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None or not match[2]:
            raise ValueError(f"no value: {line}")
        keyword, value = match[1].lower(), match[2]
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if keyword == "host":
            applies = host_matches(value.split(), host)
        elif keyword == "match":
            applies = False
        elif not applies:
            continue
        elif keyword == "identityfile":
            files = settings.setdefault(keyword, [])
            if value not in files:
                files.append(value)
        elif keyword not in settings:
            settings[keyword] = value
    written = {"%h": host, "%%": "%"}
    if "hostname" in settings:
        settings["hostname"] = re.sub("%[h%]", lambda found: written[found[0]], settings["hostname"])
    else:
        settings["hostname"] = host
    return settings


def host_matches(patterns, host):
    included = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if fits(pattern[1:], host):
                return False
        elif fits(pattern, host):
            included = True
    return included


def fits(pattern, host):
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(one, re.escape(one)) for one in pattern), host, re.DOTALL) is not None
