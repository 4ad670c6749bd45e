"""How up to six models of one figure are told apart: by colour, by dash and by symbol.

Not here: figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import theme

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x")


@dataclass(frozen=True, slots=True)
class Series:
    """The look of one model's line or dots."""

    colour: str
    dash: str
    symbol: str


def series(place: int) -> Series:
    """The look of the model at a place; from the seventh on the looks come again."""
    six = place % len(SYMBOLS)
    return Series(theme.SERIES[six], DASHES[six], SYMBOLS[six])


def faint(colour: str, opacity: float) -> str:
    """A colour of the theme that lets others through."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
