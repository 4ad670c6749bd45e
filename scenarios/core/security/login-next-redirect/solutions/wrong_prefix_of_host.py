# score: 3.5 - looks at how the text begins, which a longer host and a user name share
HOST = "{{site.host}}"
LANDING = "{{site.landing}}"


def redirect_target(value):
    if not value or "\\" in value or value.startswith("//"):
        return LANDING
    own = "https://" + HOST
    if value.lower().startswith(own):
        return value[len(own) :] or "/"
    if value.startswith("/"):
        return value
    return LANDING
