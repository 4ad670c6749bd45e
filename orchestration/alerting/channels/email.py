"""E-mail by the operator's server: text, HTML, and the chart as an image in it.

Not here: whether an address belongs to its account, which the accounts see to.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from orchestration.alerting.channels.interface import TransportError
from orchestration.alerting.plain_text import html_of, text_of

if TYPE_CHECKING:
    from pydantic import SecretStr

    from orchestration.alerting.wording import Message

WITHIN_S: Final = 20.0
"""For each exchange with the server."""
_UNKNOWN: Final = range(500, 600)
_PORTS: Final = {"smtp": 25, "smtps": 465}


class Email:
    """`url` is smtp:// (encrypted where the server can) or smtps://, with user and password where it asks for them."""

    def __init__(self, to: str, *, url: SecretStr, sender: str) -> None:
        self._to, self._url, self._sender = to, url, sender

    def send(self, message: Message) -> None:
        try:
            with self._session() as session:
                session.send_message(self._mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise TransportError(f"the mail server refuses the address ({code})", permanent=code in _UNKNOWN) from None
        except smtplib.SMTPResponseException as error:
            raise TransportError(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise TransportError(f"the mail server can't be used: {type(error).__name__}") from None

    def _session(self) -> smtplib.SMTP:
        parts = urlsplit(self._url.get_secret_value())
        host, port = parts.hostname or "localhost", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            session: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=WITHIN_S, context=context)
        else:
            session = smtplib.SMTP(host, port, timeout=WITHIN_S)
            session.ehlo()
            if session.has_extn("starttls"):
                session.starttls(context=ssl.create_default_context())
        if parts.username:
            session.login(unquote(parts.username), unquote(parts.password or ""))
        return session

    def _mail(self, message: Message) -> EmailMessage:
        domain = self._sender.rpartition("@")[2]
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, self._to, message.title
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        mail["References"] = " ".join(sorted({f"<{part.event.thread_id}@{domain}>" for part in message.parts}))
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text_of(message))
        image = f"{message.message_id}.chart@{domain}" if message.chart else None
        mail.add_alternative(html_of(message, f"cid:{image}" if image else None), subtype="html")
        if message.chart:
            page = mail.get_payload()[1]  # type: ignore[index]
            page.add_related(message.chart, "image", "png", cid=f"<{image}>", filename="chart.png")  # type: ignore[union-attr]
        return mail
