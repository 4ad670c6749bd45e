# score: 5 - refuses every absolute URL, our own as well, and knows of no loops
HOST = "{{site.host}}"
LANDING = "{{site.landing}}"


def redirect_target(value):
    if not value:
        return LANDING
    cleaned = value.strip().replace("\\", "/")
    if not cleaned.startswith("/") or cleaned.startswith("//"):
        return LANDING
    if any(ord(character) < 32 for character in cleaned):
        return LANDING
    return cleaned
