# score: 8.5 - of equal dates the first row wins, and a byte order mark hides the first column
import csv
import io


def merge_contacts(exports: list[str]) -> list[dict]:
    best = {}
    for export in exports:
        for raw in csv.DictReader(io.StringIO(export, newline="")):
            row = {(key or "").strip().lower(): (value or "").strip() for key, value in raw.items() if key is not None}
            email = row.get("email", "").lower()
            if not email:
                continue
            stamp = row.get("{{column.stamp}}") or ""
            fields = best.setdefault(email, {})
            for name in ("name", "{{column.phone}}", "{{column.stamp}}"):
                value = row.get(name)
                if value and (name not in fields or stamp > fields[name][0]):
                    fields[name] = (stamp, value)
    result = []
    for email in sorted(best):
        entry = {"email": email}
        for name in ("name", "{{column.phone}}", "{{column.stamp}}"):
            entry[name] = best[email].get(name, ("", None))[1]
        result.append(entry)
    return result
