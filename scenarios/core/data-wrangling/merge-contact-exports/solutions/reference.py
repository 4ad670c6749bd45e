# score: 10
import csv
import io

FIELDS = ("name", "{{column.phone}}")


def rows_of(text):
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [heading.strip().lower() for heading in next(reader, [])]
    for cells in reader:
        yield {heading: cell.strip() for heading, cell in zip(header, cells)}


def merge_contacts(exports: list[str]) -> list[dict]:
    people = {}
    for text in exports:
        for row in rows_of(text):
            email = row.get("email", "").lower()
            if not email:
                continue
            stamp = row.get("{{column.stamp}}", "")
            known = people.setdefault(email, {"{{column.stamp}}": ("", None)})
            for field in (*FIELDS, "{{column.stamp}}"):
                value = row.get(field)
                if value and stamp >= known.get(field, ("", None))[0]:
                    known[field] = (stamp, value)
    return [
        {
            "email": email,
            **{field: known.get(field, ("", None))[1] for field in FIELDS},
            "{{column.stamp}}": known["{{column.stamp}}"][1],
        }
        for email, known in sorted(people.items())
    ]
