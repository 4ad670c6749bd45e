"""The look of the dashboard: the colours of data, of pages, and the options that hand them to Streamlit.

Not here: the style sheet of tables and badges (theme.css), nor the layout of figures (charts.layout).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

STYLE_SHEET = Path(__file__).with_name("theme.css")
LOGO = str(Path(__file__).with_name("logo.svg"))

# After the colour-blind safe palette of Okabe and Ito: each keeps a contrast of 3:1 (WCAG 1.4.11) on both
# backgrounds below, so that a figure needs not know which theme its reader chose. The blue is a lighter one of its hue.
BLUE = "#1F82BF"
VERMILLION = "#D55E00"
GREEN = "#009E73"
GREY = "#7D838C"

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


def streamlit_options() -> dict[str, str]:
    """Streamlit's options for both themes; the reader's system chooses between them."""
    options = {
        "theme.baseRadius": "6px",
        "theme.headingFontSizes": '["1.75rem", "1.375rem", "1.125rem"]',
        "theme.headingFontWeights": "600",
        "theme.paddingTop": "1.5rem",
        "theme.paddingBottom": "3rem",
    }
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        options |= {f"theme.{name}.{option}": value for option, value in asdict(colours).items()}
    return options
