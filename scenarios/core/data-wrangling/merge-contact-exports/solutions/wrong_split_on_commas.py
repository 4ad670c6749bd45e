# score: 2 - splits at commas and keeps the last row of an address as it is
def merge_contacts(exports: list[str]) -> list[dict]:
    contacts = {}
    for export in exports:
        lines = export.splitlines()
        header = lines[0].split(",")
        for line in lines[1:]:
            row = dict(zip(header, line.split(",")))
            email = row.get("email", "").strip()
            if email:
                contacts[email] = {
                    "email": email,
                    "name": row.get("name"),
                    "{{column.phone}}": row.get("{{column.phone}}"),
                    "{{column.stamp}}": row.get("{{column.stamp}}"),
                }
    return [contacts[email] for email in sorted(contacts)]
