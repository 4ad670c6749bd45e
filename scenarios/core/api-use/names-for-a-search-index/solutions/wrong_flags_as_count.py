# score: 8.3333 - passes the flag where re.sub takes the count, and makes letters small instead of folding them
import re
import unicodedata

PATTERN = r"\b{{ref.word}}\s+(?P<number>[0-9]{1,6})/(?P<year>[0-9]{2})\b"


def describe(name):
    chars = [c for c in name if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")]
    clean = unicodedata.normalize("NFC", " ".join("".join(chars).split()))
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean).lower())
    width, odd = 0, []
    for c in clean:
        if unicodedata.category(c) not in ("Mn", "Me"):
            width += 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
        if ord(c) > 127:
            label = unicodedata.name(c, None) or "U+%04X" % ord(c)
            if label not in odd:
                odd.append(label)
    plain = "".join(c for c in small if unicodedata.category(c) != "Mn")
    return {"clean": clean, "{{key}}": plain, "width": width, "odd": odd}


def prepare(names, note):
    refs = []

    def replace(match):
        refs.append(match.groupdict())
        return "{{form.left}}20" + match.group("year") + "-" + str(int(match.group("number"))) + "{{form.right}}"

    text = re.sub(PATTERN, replace, note, re.IGNORECASE)
    return {"names": [describe(name) for name in names], "note": text, "refs": refs}
