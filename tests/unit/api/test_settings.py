from __future__ import annotations

import os

import pytest

from api.settings import Settings, SettingsError

URL = "postgresql://someone:secret-word@db.example:5432/aibaas"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AIBAAS_", "DATABASE_URL")):
            monkeypatch.delenv(name)


def test_the_address_of_our_own_comes_before_the_general_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    assert Settings.from_environment().database_url.get_secret_value() == URL
    monkeypatch.setenv("AIBAAS_API_DATABASE_URL", "postgresql:///aibaas?host=/run/sockets")
    assert Settings.from_environment().database_url.get_secret_value() == "postgresql:///aibaas?host=/run/sockets"


def test_it_listens_on_loopback_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    assert (Settings.from_environment().bind, Settings.from_environment().port) == ("127.0.0.1", 8401)
    monkeypatch.setenv("AIBAAS_BIND", "0.0.0.0")
    monkeypatch.setenv("AIBAAS_API_HOST", "api")
    assert Settings.from_environment().bind == "0.0.0.0"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.setenv("AIBAAS_API_DATABASE_URL", "")
    monkeypatch.setenv("AIBAAS_API_PORT", "")
    assert Settings.from_environment().port == 8401


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "sqlite:///secret-word"), ("AIBAAS_API_PORT", "-1"), ("AIBAAS_API_STATEMENT_TIMEOUT_MS", "0")],
)
def test_a_wrong_value_is_named_in_one_line_without_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment()
    assert "\n" not in str(caught.value)
    assert "secret-word" not in str(caught.value)


def test_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    assert "secret-word" not in repr(Settings.from_environment())
