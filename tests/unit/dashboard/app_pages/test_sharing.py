"""Files of a view hold what the view shows; a spreadsheet takes none of it for a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from dashboard.api_client.result import Result
from dashboard.app_pages.sharing import as_csv, as_json


class Row(Result):
    label: str
    score_mean: float | None
    at: datetime
    parts: tuple[int, ...]


AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
ROWS = (
    Row(label='=HYPERLINK("http://x")', score_mean=-0.5, at=AT, parts=(1, 2)),
    Row(label='a, "b"\nc', score_mean=None, at=AT, parts=()),
)


def test_a_table_can_be_read_back() -> None:
    first, second = csv.DictReader(io.StringIO(as_csv(ROWS)))
    assert first == {
        "label": '\'=HYPERLINK("http://x")',
        "score_mean": "-0.5",
        "at": "2026-11-23T20:00:00Z",
        "parts": "[1, 2]",
    }
    assert (second["label"], second["score_mean"]) == ('a, "b"\nc', "")


def test_json_keeps_what_is_unknown_as_null() -> None:
    rows = json.loads(as_json(ROWS))
    assert rows[0]["label"] == '=HYPERLINK("http://x")'
    assert rows[1]["score_mean"] is None


def test_no_rows_are_no_table_and_an_empty_list() -> None:
    assert (as_csv(()).strip(), json.loads(as_json(()))) == ("", [])
