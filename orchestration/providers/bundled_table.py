"""The table of prices that litellm bundles, read from its file: no import of litellm, no network.

Not here: what its entries mean (pricing.bundled).
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = "model_prices_and_context_window_backup.json"
_PROVIDERS: Final = {"google": "gemini"}
"""What the table calls a provider where it is not what we call it."""


def bundled_entry(provider: str, model: str) -> Mapping[str, Any] | None:
    """What the table says of a model, None where it has no such model of that provider."""
    named = _PROVIDERS.get(provider, provider)
    for key in (f"{named}/{model}", model):
        entry = _table().get(key)
        if isinstance(entry, dict) and entry.get("litellm_provider") == named:
            return entry
    return None


def bundled_source() -> str:
    """The table by its name and version."""
    return f"table bundled with litellm {version('litellm')}"


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    found = find_spec("litellm")
    if found is None or found.origin is None:
        raise OperatorError("litellm is not installed: ./aibaas builds the environment anew when .venv is deleted")
    file = Path(found.origin).with_name(_FILE)
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise OperatorError(f"{file}: {error.strerror}; litellm no longer bundles its prices there") from None
    return table if isinstance(table, dict) else {}
