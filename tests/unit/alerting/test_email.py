"""What a mail is and is not sent over."""

from __future__ import annotations

import uuid

import pytest
from pydantic import SecretStr

from orchestration.alerting.channels.email import Email
from orchestration.alerting.channels.interface import TransportError
from orchestration.alerting.wording import Message
from tests.support.alert_receivers import mail_server


def test_a_password_is_not_sent_without_encryption() -> None:
    with mail_server() as server:
        url = SecretStr(server.url.replace("://", "://someone:hidden-word@"))
        with pytest.raises(TransportError, match="no encryption") as refused:
            Email("a@example.org", url=url, sender="b@example.org").send(Message(uuid.uuid4(), "A title", ()))
        assert "hidden-word" not in str(refused.value)
        assert not refused.value.permanent
        assert server.mails == []


def test_a_server_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(TransportError, match="can't be used: ConnectionRefusedError"):
        Email("a@example.org", url=SecretStr("smtp://127.0.0.1:1"), sender="b@example.org").send(
            Message(uuid.uuid4(), "A title", ())
        )
