import re

SIGN, OPEN, CLOSE = map(re.escape, ("{{mark.sign}}", "{{mark.open}}", "{{mark.close}}"))
PLACE = re.compile(rf"{SIGN}(?:{SIGN}|{OPEN}([A-Z_a-z][0-9A-Z_a-z]*)(?:(\|)([^{CLOSE}]*))?{CLOSE})?")


class TemplateError(ValueError):
    """A template that is not well formed."""


class MissingError(KeyError):
    """A name without a value."""


def expand(template, values):
    if any(found.group() == "{{mark.sign}}" for found in PLACE.finditer(template)):
        raise TemplateError
    return PLACE.sub(lambda found: text_for(found, values), template)


def text_for(found, values):
    name, bar, default = found.groups()
    if name is None:
        return "{{mark.sign}}"
    value = values.get(name)
    if value is None or value == "":
        if bar:
            return default
        if name not in values:
            raise MissingError
        return ""
    return str(value)
