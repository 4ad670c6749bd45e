"""Settings come from the environment, and a wrong one is named in one line."""

from __future__ import annotations

import pytest

from dashboard.settings import Settings, SettingsError, settings


@pytest.fixture(autouse=True)
def _unread(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (
        "AIBAAS_API_URL",
        "AIBAAS_API_TIMEOUT_S",
        "AIBAAS_BIND",
        "AIBAAS_DASHBOARD_BIND",
        "AIBAAS_DASHBOARD_PORT",
    ):
        monkeypatch.delenv(variable, raising=False)
    settings.cache_clear()


def test_defaults_stay_on_the_loopback_address() -> None:
    assert settings() == Settings(
        api_url="http://127.0.0.1:8401", api_timeout_s=10, bind="127.0.0.1", dashboard_port=8402
    )


def test_a_trailing_slash_of_the_address_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIBAAS_API_URL", "https://api.example.org/")
    assert settings().api_url == "https://api.example.org"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AIBAAS_API_URL", "localhost:8401", "must look like http://"),
        ("AIBAAS_DASHBOARD_PORT", "eighty", "integer"),
        ("AIBAAS_DASHBOARD_PORT", "70000", "65535"),
        ("AIBAAS_API_TIMEOUT_S", "0", "greater than 0"),
        ("AIBAAS_BRAND_COLOUR", "red", "must look like #0072B2"),
        ("AIBAAS_BRAND_LOGO", "/nowhere/logo.svg", "must be an SVG, PNG, JPEG or WebP file"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        settings()
    assert str(refused.value).startswith(f"{variable} is '{value}': ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_containers_say_on_which_address_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIBAAS_BIND", "0.0.0.0")
    assert settings().bind == "0.0.0.0"
