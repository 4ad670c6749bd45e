"""Writes the API's OpenAPI document beside the code: `python -m api.openapi`.

Not here: what the document says (app and each router).
"""

from __future__ import annotations

import json

from api.app import create_app
from api.documentation import OPENAPI_FILE
from api.settings import Settings


def render() -> str:
    """The document as it is committed. No database is asked."""
    document = create_app(Settings(database_url="postgresql://")).openapi()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    OPENAPI_FILE.write_text(render(), encoding="utf-8")
