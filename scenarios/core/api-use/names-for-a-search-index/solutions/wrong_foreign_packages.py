# score: 0 - imports regex and unidecode, which are no part of the standard library
import regex
from unidecode import unidecode


def prepare(names, note):
    entries = []
    for name in names:
        clean = regex.sub(r"\s+", " ", regex.sub(r"[\p{Cc}\p{Cf}]", "", name)).strip()
        entries.append({"clean": clean, "{{key}}": unidecode(clean).casefold(), "width": len(clean), "odd": []})
    pattern = regex.compile(r"\b{{ref.word}}\s+(?P<number>[0-9]{1,6})/(?P<year>[0-9]{2})\b", regex.I)
    refs = [match.groupdict() for match in pattern.finditer(note)]
    return {"names": entries, "note": pattern.sub(r"{{form.left}}20\g<year>-\g<number>{{form.right}}", note), "refs": refs}
