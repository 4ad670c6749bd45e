# score: 5.8333 - gives re.sub an argument `ignore_case`
import re
import unicodedata

PATTERN = r"\b{{ref.word}}\s+(?P<number>[0-9]{1,6})/(?P<year>[0-9]{2})\b"


def prepare(names, note):
    entries = []
    for name in names:
        clean = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
        clean = unicodedata.normalize("NFC", " ".join(clean.split()))
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean).casefold())
        plain = "".join(c for c in folded if unicodedata.category(c) != "Mn")
        width = 0
        odd = {}
        for c in clean:
            if unicodedata.category(c) not in {"Mn", "Me"}:
                width += 2 if unicodedata.east_asian_width(c) in "FW" else 1
            if not c.isascii():
                odd[unicodedata.name(c, "U+%04X" % ord(c))] = True
        entries.append({"clean": clean, "{{key}}": plain, "width": width, "odd": list(odd)})
    refs = []

    def replacement(match):
        refs.append(match.groupdict())
        return f"{{form.left}}{2000 + int(match['year'])}-{int(match['number'])}{{form.right}}"

    if note:
        note = re.sub(PATTERN, replacement, note, ignore_case=True)
    return {"names": entries, "note": note, "refs": refs}
