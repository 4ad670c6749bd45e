# score: 7.5 - does not look again at a path that begins with two slashes, after three of them or behind our own host
from urllib.parse import urlsplit, urlunsplit

HOST = "{{site.host}}"
LANDING = "{{site.landing}}"


def redirect_target(value):
    if not value:
        return LANDING
    if any(ord(c) <= 32 or ord(c) == 127 or c == "\\" for c in value):
        return LANDING
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return LANDING
    if parts.scheme or parts.netloc:
        if parts.scheme != "https" or parts.hostname != HOST or port not in (None, 443):
            return LANDING
        if parts.username is not None or parts.password is not None:
            return LANDING
        target = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    elif value.startswith("/"):
        target = value
    else:
        return LANDING
    if parts.path in ("/login", "/logout"):
        return LANDING
    return target
