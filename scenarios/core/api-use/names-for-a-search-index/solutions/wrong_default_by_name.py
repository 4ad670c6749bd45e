# score: 2.5 - passes `default` to unicodedata.name by name, which it does not take
import re
import unicodedata

REFERENCE = re.compile(r"(?<!\w){{ref.word}}\s+(?P<number>[0-9]{1,6})/(?P<year>[0-9]{2})(?!\w)", re.IGNORECASE)


class Entry:
    def __init__(self, name):
        kept = [c for c in name if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"}]
        self.clean = unicodedata.normalize("NFC", " ".join("".join(kept).split()))

    def key(self):
        text = unicodedata.normalize("NFKD", self.clean).casefold()
        return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")

    def width(self):
        seen = [c for c in self.clean if unicodedata.category(c) not in {"Mn", "Me"}]
        return len(seen) + sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in seen)

    def odd(self):
        found = []
        for char in self.clean:
            if not char.isascii():
                title = unicodedata.name(char, default="U+" + format(ord(char), "04X"))
                if title not in found:
                    found.append(title)
        return found

    def as_dict(self):
        return {"clean": self.clean, "{{key}}": self.key(), "width": self.width(), "odd": self.odd()}


def prepare(names, note):
    refs = []

    def mark(match):
        refs.append(match.groupdict())
        return f"{{form.left}}20{match['year']}-{int(match['number'])}{{form.right}}"

    return {"names": [Entry(name).as_dict() for name in names], "note": REFERENCE.sub(mark, note), "refs": refs}
