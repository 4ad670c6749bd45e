# score: 5.5 - lets a negated pattern match every other host, splits only at a space or an equals sign, and keeps equal identity files
import re


def settings_for(config: str, host: str) -> dict:
    def to_regex(pattern):
        return "^" + re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".") + "$"

    def matches(pattern):
        if pattern.startswith("!"):
            return not re.match(to_regex(pattern[1:]), host)
        return bool(re.match(to_regex(pattern), host))

    result = {}
    active = True
    for line in config.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if "=" in line.split()[0]:
            keyword, _, value = line.partition("=")
        else:
            keyword, _, value = line.partition(" ")
        keyword = keyword.strip().lower()
        value = value.strip()
        if not value:
            raise ValueError(line)
        if value.startswith('"') and value.endswith('"'):
            value = value[1:-1]
        if keyword == "host":
            patterns = value.split()
            negated = [p for p in patterns if p.startswith("!")]
            active = all(matches(p) for p in negated) and any(matches(p) for p in patterns)
        elif keyword == "match":
            active = False
        elif active:
            if keyword == "identityfile":
                result.setdefault(keyword, []).append(value)
            elif keyword not in result:
                result[keyword] = value
    result["hostname"] = result.get("hostname", host).replace("%%", "%").replace("%h", host)
    return result
