"""The colours keep the contrast that the theme promises, in both themes."""

from __future__ import annotations

import itertools

import pytest
from streamlit import config

from dashboard import theme

BACKGROUNDS = (theme.LIGHT.backgroundColor, theme.DARK.backgroundColor)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", [theme.SCORE, theme.LATENCY, theme.TIME_TO_FIRST_TOKEN, theme.GAP])
def test_data_can_be_told_from_either_background(colour: str, background: str) -> None:
    assert contrast(colour, background) >= 3


@pytest.mark.parametrize("page", [theme.LIGHT, theme.DARK])
def test_text_and_links_are_readable(page: theme.PageColours) -> None:
    surfaces = (page.backgroundColor, page.secondaryBackgroundColor)
    for text, surface in itertools.product((page.textColor, page.linkColor), surfaces):
        assert contrast(text, surface) >= 4.5


def test_every_option_of_both_themes_is_one_that_streamlit_knows() -> None:
    known = set(config.get_config_options(force_reparse=True))
    assert set(theme.streamlit_options()) <= known
