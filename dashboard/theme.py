"""The look of the dashboard: the colours of data, of pages, and the options that hand them to Streamlit.

Not here: the style sheet of tables and badges (theme.css), nor the layout of figures (charts.layout).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.settings import SettingsError

if TYPE_CHECKING:
    from dashboard.settings import Settings

STYLE_SHEET = Path(__file__).with_name("theme.css")
LOGO = Path(__file__).with_name("logo.svg")
LOGO_COLOUR = "#2a86c4"
LOGO_NAME = "AIBaaS"

# After the colour-blind safe palette of Okabe and Ito: each keeps a contrast of 3:1 (WCAG 1.4.11) on both
# backgrounds below, so that a figure needs not know which theme its reader chose. The blue is a lighter one of its hue.
BLUE = "#1F82BF"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#B0609A"
OCHRE = "#9A7500"
GREY = "#7D838C"

SERIES = (BLUE, VERMILLION, GREEN, PURPLE, OCHRE, GREY)
"""Colours of up to six lines or dots of one figure; each also has a dash and a symbol of its own."""

SCORE = BLUE
LATENCY = GREEN
TIME_TO_FIRST_TOKEN = VERMILLION
GAP = GREY


@dataclass(frozen=True, slots=True)
class PageColours:
    """Colours of one theme, named as Streamlit's options are."""

    primaryColor: str  # noqa: N815 - Streamlit's own spelling
    backgroundColor: str  # noqa: N815
    secondaryBackgroundColor: str  # noqa: N815
    textColor: str  # noqa: N815
    linkColor: str  # noqa: N815
    borderColor: str  # noqa: N815


LIGHT = PageColours(
    primaryColor="#0072B2",
    backgroundColor="#FFFFFF",
    secondaryBackgroundColor="#F4F6F8",
    textColor="#1B1F24",
    linkColor="#00629B",
    borderColor="#D9DEE3",
)
DARK = PageColours(
    primaryColor="#4CA6DB",
    backgroundColor="#14171B",
    secondaryBackgroundColor="#1E2329",
    textColor="#E8EBEE",
    linkColor="#6CBBEA",
    borderColor="#363D45",
)


LEAST_CONTRAST = 3.0
"""Of links and buttons against the page, WCAG 1.4.11."""


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, WCAG 2.2: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def branded(settings: Settings) -> tuple[PageColours, PageColours]:
    """Light and dark with the brand's colours. Raises SettingsError when one can't be told from the page."""
    chosen = (("BRAND_COLOUR", LIGHT, settings.brand_colour), ("BRAND_COLOUR_DARK", DARK, settings.brand_colour_dark))
    light, dark = (_with_colour(name, page, colour) for name, page, colour in chosen)
    return light, dark


def _with_colour(name: str, page: PageColours, colour: str | None) -> PageColours:
    if colour is None:
        return page
    found = contrast(colour, page.backgroundColor)
    if found < LEAST_CONTRAST:
        raise SettingsError(
            f"AIBAAS_{name} is '{colour}': its contrast to the page {page.backgroundColor} is {found:.1f} and must be "
            f"at least {LEAST_CONTRAST:.0f}"
        )
    return replace(page, primaryColor=colour, linkColor=colour)


def style_sheet(settings: Settings) -> str:
    """The style sheet with the brand's colour of links. Raises SettingsError."""
    light, dark = branded(settings)
    links = f":root {{ --link: light-dark({light.linkColor}, {dark.linkColor}); }}"
    return f"<style>{links}\n{STYLE_SHEET.read_text(encoding='utf-8')}</style>"


def logo(settings: Settings) -> str:
    """The operator's own file, or the drawn one with the brand's name and colour."""
    if settings.brand_logo is not None:
        return str(settings.brand_logo)
    drawn = LOGO.read_text(encoding="utf-8").replace(LOGO_NAME, escape(settings.brand_name))
    width = 132 + 12 * max(0, len(settings.brand_name) - len(LOGO_NAME))
    return drawn.replace("132", str(width)).replace(LOGO_COLOUR, settings.brand_colour or LOGO_COLOUR)


def streamlit_options(settings: Settings) -> dict[str, str]:
    """Streamlit's options for both themes; the reader's system chooses between them. Raises SettingsError."""
    options = {
        "theme.baseRadius": "6px",
        "theme.headingFontSizes": '["1.75rem", "1.375rem", "1.125rem"]',
        "theme.headingFontWeights": "600",
        "theme.paddingTop": "1.5rem",
        "theme.paddingBottom": "3rem",
    }
    for name, colours in zip(("light", "dark"), branded(settings), strict=True):
        options |= {f"theme.{name}.{option}": value for option, value in asdict(colours).items()}
    return options
