# score: 0 - `email.parse`, `mail.subject`, `mail.attachments` and the rest belong to no class of the package
import email
from datetime import timezone


def ticket(raw):
    mail = email.parse(raw, decode=True)
    sent = mail.date.astimezone(timezone.utc).isoformat() if mail.date else None
    return {
        "subject": mail.subject,
        "sender": {"name": mail.sender.name, "address": mail.sender.address} if mail.sender else None,
        "to": [address.email for address in mail.to + mail.cc],
        "sent": sent,
        "body": (mail.text or mail.html or "").rstrip(),
        "files": [{"name": file.filename, "type": file.content_type, "size": file.size} for file in mail.attachments],
        "thread": mail.references or [],
    }
