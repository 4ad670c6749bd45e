from __future__ import annotations

import re
from collections import Counter

import pytest
from pydantic import SecretStr

from api.accounts.api_keys import PATTERN, ApiKey, MalformedKeyError
from api.accounts.schemas import KEY_TEXT_EXAMPLE

SECRET = SecretStr("a secret of the tests")


def test_keys_are_of_one_shape_and_all_different() -> None:
    keys = [ApiKey.made() for _ in range(2000)]
    assert all(re.fullmatch(PATTERN, key.text) for key in keys)
    assert len({key.text for key in keys}) == 2000
    assert len({key.api_key_id for key in keys}) == 2000
    drawn = Counter("".join(key.text[12:40] for key in keys))
    assert len(drawn) == 62
    assert max(drawn.values()) < 1.3 * min(drawn.values())


def test_a_key_that_was_made_is_read_and_a_mistyped_one_is_not() -> None:
    key = ApiKey.made()
    assert ApiKey.read(key.text) == key
    for place in range(4, len(key.text)):
        wrong = "z" if key.text[place] != "z" else "y"
        with pytest.raises(MalformedKeyError):
            ApiKey.read(key.text[:place] + wrong + key.text[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "aib_", "aib_" + "0" * 41, "aib_" + "0" * 43, "aib_" + "é" * 42, "\n", "aib_" + "0" * 42]
)
def test_what_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(MalformedKeyError) as caught:
        ApiKey.read(text)
    assert not text.strip() or text not in str(caught.value)


def test_a_digest_is_of_the_whole_key_and_the_secret() -> None:
    key = ApiKey.made()
    digest = key.digest(SECRET)
    assert (len(digest), key.has_digest(digest, SECRET)) == (32, True)
    assert not key.has_digest(digest, SecretStr("another secret"))
    assert not ApiKey.made().has_digest(digest, SECRET)
    assert not key.has_digest(b"", SECRET)


def test_a_key_is_not_shown_by_accident() -> None:
    key = ApiKey.made()
    assert key.text not in f"{key!r} {key}"


def test_the_documents_example_is_of_the_shape_and_opens_nothing() -> None:
    assert re.fullmatch(r"aib_\w{42,}", KEY_TEXT_EXAMPLE)
    with pytest.raises(MalformedKeyError):
        ApiKey.read(KEY_TEXT_EXAMPLE)
