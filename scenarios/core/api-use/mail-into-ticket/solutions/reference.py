# score: 10
from datetime import timezone
from email import message_from_string, policy


def sender_of(mail):
    addresses = mail["from"].addresses if mail["from"] else ()
    return {"name": addresses[0].display_name, "address": addresses[0].addr_spec} if addresses else None


def recipients(mail):
    found = {}
    for header in (*mail.get_all("to", []), *mail.get_all("cc", [])):
        for address in header.addresses:
            found.setdefault(address.addr_spec.lower(), address.addr_spec)
    return list(found.values())


def instant(mail):
    moment = mail["date"].datetime if mail["date"] else None
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def body_of(mail):
    part = mail.get_body(preferencelist=("plain", "html"))
    return part.get_content().replace("\r\n", "\n").rstrip() if part else ""


def files_of(mail):
    return [
        {"name": part.get_filename(), "type": part.get_content_type(), "size": len(part.get_payload(decode=True))}
        for part in mail.walk()
        if part.get_filename()
    ]


def ticket(raw):
    mail = message_from_string(raw, policy=policy.default)
    return {
        "subject": mail["subject"] or "",
        "sender": sender_of(mail),
        "to": recipients(mail),
        "sent": instant(mail),
        "body": body_of(mail),
        "files": files_of(mail),
        "thread": (mail["references"] or mail["in-reply-to"] or "").split(),
    }
