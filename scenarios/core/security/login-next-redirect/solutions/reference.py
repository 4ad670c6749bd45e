# score: 10
import re
from urllib.parse import urlsplit

HOST = "{{site.host}}"
LANDING = "{{site.landing}}"
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
LOOPS = {"/login", "/logout"}


def redirect_target(value):
    """Where the browser goes after a login: a path on our own site, else LANDING."""
    if not value or UNSAFE.search(value):
        return LANDING
    target = value if value.startswith("/") else path_of_own(value)
    if not target.startswith("/") or target.startswith("//"):
        return LANDING
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    return LANDING if path in LOOPS else target


def path_of_own(value):
    try:
        parts = urlsplit(value)
        is_own = parts.scheme == "https" and parts.hostname == HOST and parts.port in (None, 443)
    except ValueError:
        return ""
    if not is_own or "@" in parts.netloc:
        return ""
    rest = value[len("https://") + len(parts.netloc) :]
    return rest if rest.startswith("/") else "/" + rest
