# score: 3.5 - uses the first block that applies and no other, and the default lines only behind it
import fnmatch
import shlex


def settings_for(config: str, host: str) -> dict:
    blocks = [(["*"], [])]
    for line in config.splitlines():
        tokens = shlex.split(line.replace("=", " ", 1), comments=True)
        if not tokens:
            continue
        keyword = tokens[0].lower()
        if len(tokens) == 1:
            raise ValueError(line)
        if keyword == "host":
            blocks.append((tokens[1:], []))
        elif keyword == "match":
            blocks.append(([], []))
        else:
            blocks[-1][1].append((keyword, " ".join(tokens[1:])))
    defaults = blocks.pop(0)[1]
    chosen = []
    for patterns, lines in blocks:
        included = any(fnmatch.fnmatchcase(host, p) for p in patterns if p[0] != "!")
        excluded = any(fnmatch.fnmatchcase(host, p[1:]) for p in patterns if p[0] == "!")
        if included and not excluded:
            chosen = lines
            break
    result = {}
    for keyword, value in chosen + defaults:
        if keyword == "identityfile":
            result.setdefault(keyword, []).append(value)
        else:
            result.setdefault(keyword, value)
    result["hostname"] = result.get("hostname", host).replace("%h", host)
    return result
