# score: 10
import re
import unicodedata

REFERENCE = re.compile(r"\b{{ref.word}}\s+(?P<number>[0-9]{1,6})/(?P<year>[0-9]{2})\b", re.IGNORECASE)


def prepare(names, note):
    refs = []

    def marked(match):
        refs.append(match.groupdict())
        return f"{{form.left}}20{match['year']}-{int(match['number'])}{{form.right}}"

    return {"names": [entry(name) for name in names], "note": REFERENCE.sub(marked, note), "refs": refs}


def entry(name):
    clean = cleaned(name)
    return {"clean": clean, "{{key}}": key(clean), "width": sum(map(width, clean)), "odd": odd(clean)}


def cleaned(name):
    kept = (char for char in name if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def key(clean):
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean).casefold())
    return "".join(char for char in folded if unicodedata.category(char) != "Mn")


def width(char):
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def odd(clean):
    chars = dict.fromkeys(char for char in clean if not char.isascii())
    return [unicodedata.name(char, f"U+{ord(char):04X}") for char in chars]
