# score: 8.5 - matches with fnmatch, which knows brackets, strips lone quotes, and replaces %h before %%
import fnmatch
import re


def settings_for(config: str, host: str) -> dict:
    result = {}
    identity = []
    active = True
    for line in config.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        parts = re.split(r"\s*=\s*|\s+", line, maxsplit=1)
        if len(parts) < 2 or parts[1] == "":
            raise ValueError(f"missing value: {line!r}")
        key, value = parts[0].lower(), parts[1].strip()
        value = value.strip('"')
        if key == "host":
            patterns = value.split()
            positive = [p for p in patterns if not p.startswith("!")]
            negative = [p[1:] for p in patterns if p.startswith("!")]
            active = any(fnmatch.fnmatchcase(host, p) for p in positive) and not any(
                fnmatch.fnmatchcase(host, p) for p in negative
            )
            continue
        if key == "match":
            active = False
            continue
        if not active:
            continue
        if key == "identityfile":
            if value not in identity:
                identity.append(value)
        else:
            result.setdefault(key, value)
    if identity:
        result["identityfile"] = identity
    hostname = result.get("hostname", host)
    result["hostname"] = hostname.replace("%h", host).replace("%%", "%")
    return result
