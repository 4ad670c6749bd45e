# score: 8 - counts the characters of a text file, and finds no file below another part
from datetime import timezone
from email import message_from_string, policy


def ticket(raw):
    mail = message_from_string(raw, policy=policy.default)
    sender = mail["from"].addresses[0] if mail["from"] else None
    seen, to = set(), []
    for header in mail.get_all("to", []) + mail.get_all("cc", []):
        for address in header.addresses:
            if address.addr_spec.lower() not in seen:
                seen.add(address.addr_spec.lower())
                to.append(address.addr_spec)
    sent = mail["date"].datetime if mail["date"] else None
    if sent is not None:
        sent = sent.replace(tzinfo=timezone.utc) if sent.tzinfo is None else sent.astimezone(timezone.utc)
    body = mail.get_body(preferencelist=("plain", "html"))
    files = []
    for part in mail.iter_attachments():
        if part.get_filename():
            content = part.get_content()
            files.append({"name": part.get_filename(), "type": part.get_content_type(), "size": len(content)})
    return {
        "subject": str(mail["subject"] or ""),
        "sender": {"name": sender.display_name, "address": sender.addr_spec} if sender else None,
        "to": to,
        "sent": sent.strftime("%Y-%m-%dT%H:%M:%SZ") if sent else None,
        "body": body.get_content().replace("\r\n", "\n").rstrip() if body else "",
        "files": files,
        "thread": (mail["references"] or mail["in-reply-to"] or "").split(),
    }
