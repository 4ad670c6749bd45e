# score: 2 - the offset of a date is cut off, recipients keep their doubles, and an attached text is the body
from email import message_from_string, policy


def ticket(raw):
    mail = message_from_string(raw, policy=policy.default)
    first = mail["From"].addresses[0] if mail["From"] else None
    addresses = [address.addr_spec for name in ("To", "Cc") if mail[name] for address in mail[name].addresses]
    date = mail["Date"].datetime if mail["Date"] else None
    texts = {}
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            texts.setdefault(part.get_content_subtype(), part.get_content())
    body = texts.get("plain", texts.get("html", ""))
    return {
        "subject": mail["Subject"] or "",
        "sender": {"name": first.display_name, "address": first.addr_spec} if first else None,
        "to": addresses,
        "sent": date.strftime("%Y-%m-%dT%H:%M:%SZ") if date else None,
        "body": body.strip(),
        "files": [
            {"name": part.get_filename(), "type": part.get_content_type(), "size": len(part.get_content())}
            for part in mail.iter_attachments()
        ],
        "thread": mail.get_all("References", []),
    }
