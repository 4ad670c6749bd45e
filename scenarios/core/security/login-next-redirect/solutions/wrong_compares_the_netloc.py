# score: 8 - the usual check of urlsplit's netloc; the parser drops tabs and line ends itself, and takes no port
from urllib.parse import urlsplit

HOST = "{{site.host}}"
LANDING = "{{site.landing}}"


def redirect_target(value):
    if not value or "\\" in value:
        return LANDING
    try:
        parts = urlsplit(value)
    except ValueError:
        return LANDING
    if parts.netloc:
        if parts.scheme != "https" or parts.netloc.lower() != HOST:
            return LANDING
        target = parts.path or "/"
        if parts.query:
            target += "?" + parts.query
        if parts.fragment:
            target += "#" + parts.fragment
    else:
        target = value
    if parts.scheme not in ("", "https") or not target.startswith("/") or target.startswith("//"):
        return LANDING
    if parts.path in ("/login", "/logout"):
        return LANDING
    return target
