"""What this installation's settings say to alerts.

Not here: the settings themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from orchestration.alerting.channels.interface import Leave
from orchestration.alerting.wording import Places
from orchestration.settings import OperatorError
from orchestration.storage.key_files import key_in

if TYPE_CHECKING:
    from orchestration.settings import Settings

_SCHEMES: Final = ("smtp", "smtps")


def leave_of(config: Settings) -> Leave:
    """Raises OperatorError naming the variable that can't be used, and not its value."""
    if config.smtp_url is not None:
        try:
            parts = urlsplit(config.smtp_url.get_secret_value())
            is_usable = parts.scheme in _SCHEMES and parts.hostname is not None and parts.port != 0
        except ValueError:
            is_usable = False
        if not is_usable:
            raise OperatorError("AIBAAS_SMTP_URL can't be read: write it as smtp://user:password@host:587 or smtps://…")
    if "@" not in config.mail_from or not config.mail_from.isprintable():
        raise OperatorError("AIBAAS_MAIL_FROM is no address: write it as alerts@example.org")
    return Leave(config.alert_private_networks == "allow", config.smtp_url, config.mail_from)


def places_of(config: Settings) -> Places:
    dashboard = config.public_dashboard_url or f"http://127.0.0.1:{config.dashboard_port}"
    api = config.public_api_url or f"http://127.0.0.1:{config.api_port}"
    return Places(dashboard.rstrip("/"), api.rstrip("/"), alert_link_secret(config))


def alert_link_secret(config: Settings) -> str:
    """What links in alerts are signed with, by the settings or the home folder. Raises OperatorError."""
    if config.alert_link_secret:
        return config.alert_link_secret.get_secret_value()
    file = config.home / "alert-links.key"
    return key_in(file, "AIBAAS_ALERT_LINK_SECRET", "links in alerts that were sent end").hex()
