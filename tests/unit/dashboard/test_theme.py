"""The colours keep the contrast that the theme promises, in both themes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from streamlit import config

from dashboard import theme
from dashboard.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

BACKGROUNDS = (theme.LIGHT.backgroundColor, theme.DARK.backgroundColor)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", theme.SERIES)
def test_data_can_be_told_from_either_background(colour: str, background: str) -> None:
    assert theme.contrast(colour, background) >= 3


@pytest.mark.parametrize("page", [theme.LIGHT, theme.DARK])
def test_text_and_links_are_readable(page: theme.PageColours) -> None:
    surfaces = (page.backgroundColor, page.secondaryBackgroundColor)
    for text, surface in itertools.product((page.textColor, page.linkColor), surfaces):
        assert theme.contrast(text, surface) >= 4.5


def test_every_option_of_both_themes_is_one_that_streamlit_knows() -> None:
    known = set(config.get_config_options(force_reparse=True))
    assert set(theme.streamlit_options(Settings())) <= known


def test_a_contrast_is_what_the_guidelines_say() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def test_a_brand_colours_its_own_theme_only() -> None:
    options = theme.streamlit_options(Settings(brand_colour="#8A1538"))
    assert options["theme.light.primaryColor"] == options["theme.light.linkColor"] == "#8A1538"
    assert options["theme.dark.primaryColor"] == theme.DARK.primaryColor


def test_links_within_tables_have_the_brand_s_colour() -> None:
    sheet = theme.style_sheet(Settings(brand_colour="#8A1538"))
    assert f"--link: light-dark(#8A1538, {theme.DARK.linkColor})" in sheet
    assert ".board a { color: var(--link)" in sheet
    assert theme.LIGHT.linkColor in theme.style_sheet(Settings())


def test_a_brand_s_colour_that_nobody_can_read_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"AIBAAS_BRAND_COLOUR is '#FFE600': its contrast .* must be at least 3"):
        theme.branded(Settings(brand_colour="#FFE600"))


def test_the_drawn_logo_says_the_brand_s_name_as_text() -> None:
    drawn = theme.logo(Settings(brand_name="A<b> & longer name"))
    assert "A&lt;b&gt; &amp; longer name</text>" in drawn
    assert "AIBaaS" not in drawn


def test_an_operator_s_own_logo_is_a_file(tmp_path: Path) -> None:
    own = tmp_path / "own.svg"
    own.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    assert theme.logo(Settings(brand_logo=own)) == str(own)
