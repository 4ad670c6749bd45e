# score: 7.5 - takes characters with a combining class for all marks, and digits of every script
import re
import unicodedata

REFERENCE = re.compile(r"\b{{ref.word}}\s+(?P<number>\d{1,6})/(?P<year>\d{2})\b", re.I)


def strip_marks(text):
    return "".join(char for char in text if not unicodedata.combining(char))


def columns(char):
    if unicodedata.combining(char):
        return 0
    return 1 + (unicodedata.east_asian_width(char) in {"W", "F"})


def prepare(names, note):
    result = []
    for name in names:
        visible = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
        clean = unicodedata.normalize("NFC", re.sub(r"\s+", " ", visible).strip())
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean).casefold())
        odd = []
        for char in clean:
            title = unicodedata.name(char, f"U+{ord(char):04X}")
            if not char.isascii() and title not in odd:
                odd.append(title)
        result.append(
            {"clean": clean, "{{key}}": strip_marks(folded), "width": sum(columns(c) for c in clean), "odd": odd}
        )
    refs = [match.groupdict() for match in REFERENCE.finditer(note)]
    text = REFERENCE.sub(lambda m: f"{{form.left}}20{m['year']}-{int(m['number'])}{{form.right}}", note)
    return {"names": result, "note": text, "refs": refs}
