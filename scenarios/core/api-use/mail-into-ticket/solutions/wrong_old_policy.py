# score: 7.5 - reads with the old policy: encoded names stay, and the first plain part is the body
import email
from datetime import timezone
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime


def ticket(raw):
    mail = email.message_from_string(raw)
    senders = getaddresses(mail.get_all("From", []))
    to = []
    for _, address in getaddresses(mail.get_all("To", []) + mail.get_all("Cc", [])):
        if address not in to:
            to.append(address)
    try:
        sent = parsedate_to_datetime(mail["Date"]).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError):
        sent = None
    plain, html, files = None, None, []
    for part in mail.walk():
        if part.is_multipart():
            continue
        data = part.get_payload(decode=True)
        name = part.get_filename()
        if name:
            files.append({"name": name, "type": part.get_content_type(), "size": len(data)})
        text = data.decode(part.get_content_charset() or "utf-8", "replace")
        if part.get_content_type() == "text/plain" and plain is None:
            plain = text
        if part.get_content_type() == "text/html" and html is None:
            html = text
    body = plain if plain is not None else html or ""
    return {
        "subject": str(make_header(decode_header(mail["Subject"] or ""))),
        "sender": {"name": senders[0][0], "address": senders[0][1]} if senders else None,
        "to": to,
        "sent": sent,
        "body": body.replace("\r\n", "\n").rstrip(),
        "files": files,
        "thread": (mail["References"] or mail["In-Reply-To"] or "").split(),
    }
