from __future__ import annotations

import pytest

from api.negotiation import ARROW, CSV, FORMS, JSON, PARQUET, forms_asked_for, preferred_coding, preferred_forms


@pytest.mark.parametrize(
    ("accept", "forms"),
    [
        (b"", FORMS),
        (b"*/*", FORMS),
        (b"application/json", (JSON,)),
        (b"text/csv", (CSV,)),
        (b"TEXT/CSV ; charset=utf-8", (CSV,)),
        (b"text/*", (CSV,)),
        (b"application/json;q=0.5, text/csv", (CSV, JSON)),
        (b"text/csv;q=0.5, application/json;q=0.9", (JSON, CSV)),
        (b"*/*;q=0.1, application/vnd.apache.parquet", (PARQUET, JSON, CSV, ARROW)),
        (b"application/*, application/json;q=0", (ARROW, PARQUET)),
        (b"text/html,application/xhtml+xml,*/*;q=0.8", FORMS),
        (b"image/png", ()),
        (b"text/csv;q=0", ()),
        (b"text/csv;q=much", ()),
        (b"text/csv;q=7", ()),
        (b",;,", ()),
        (b"\xff\xfe", ()),
    ],
)
def test_forms_are_taken_by_quality_and_then_in_our_order(accept: bytes, forms: tuple[str, ...]) -> None:
    assert preferred_forms(accept) == forms


def test_two_lines_of_one_header_are_one_list() -> None:
    asked = [(b"accept", b"text/csv;q=0.2"), (b"host", b"x"), (b"accept", b"application/json;q=0.1")]
    assert forms_asked_for(asked) == (CSV, JSON)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (b"", b""),
        (b"identity", b""),
        (b"gzip", b"gzip"),
        (b"gzip, deflate, br, zstd", b"zstd"),
        (b"zstd;q=0, br;q=0.1, gzip", b"br"),
        (b"*", b"zstd"),
        (b"*;q=0, gzip", b"gzip"),
        (b"compress, x", b""),
    ],
)
def test_the_best_of_our_codings_that_is_taken(header: bytes, coding: bytes) -> None:
    assert preferred_coding(header) == coding
