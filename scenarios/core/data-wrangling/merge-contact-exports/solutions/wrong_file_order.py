# score: 5.5 - the last row wins, whatever its date
import csv
import io


def merge_contacts(exports: list[str]) -> list[dict]:
    contacts = {}
    for export in exports:
        for row in csv.DictReader(io.StringIO(export)):
            email = (row.get("email") or "").strip().lower()
            if not email:
                continue
            contact = contacts.setdefault(
                email, {"email": email, "name": None, "{{column.phone}}": None, "{{column.stamp}}": None}
            )
            for field in ("name", "{{column.phone}}", "{{column.stamp}}"):
                value = (row.get(field) or "").strip()
                if value:
                    contact[field] = value
    return [contacts[email] for email in sorted(contacts)]
