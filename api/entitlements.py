"""What each tier may do: the one table of it, and the refusal of what goes beyond, which names the tier that may.

Intervals, counts and the status are everyone's: nothing here withholds them.

Not here: who is of which tier (accounts), nor the counting of requests (rate_limits).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal, Self
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError

from api.errors import NOT_IN_TIER, ProblemError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

TierName = Literal["anonymous", "free", "pro", "enterprise"]
Feature = Literal["custom_scenarios", "alerts", "real_time", "white_label"]


@dataclass(frozen=True, slots=True)
class Tier:
    """None is without limit."""

    name: TierName
    requests_per_hour: int | None
    history_days: int | None
    features: frozenset[Feature] = frozenset()


TIERS: Final[dict[TierName, Tier]] = {
    tier.name: tier
    for tier in (
        Tier("anonymous", 100, 7),
        Tier("free", 100, 7),
        Tier("pro", 10_000, 90, frozenset({"custom_scenarios", "alerts", "real_time"})),
        Tier("enterprise", None, None, frozenset({"custom_scenarios", "alerts", "real_time", "white_label"})),
    )
}
"""The lowest first."""

FREE_PATHS: Final = ("/v1/status", "/v1/methodology", "/v1/costs/projection")
"""The status reaches as far back as it does for everyone, and the days of a projection are those to come."""
UNASKED: Final = (
    (re.compile(r"/v1/models/[^/]+/history"), timedelta(days=7)),
    (re.compile(r"/v1/(leaderboard|compare|recommendations|models/[^/]+)"), timedelta(days=7)),
    (re.compile(r"/v1/coverage"), timedelta(hours=48)),
    (re.compile(r"/v1/coverage/calendar"), timedelta(days=7)),
)
"""How far back routes reach that are not asked for any time; others have none."""
ROUNDING: Final = timedelta(days=1)
"""A window of whole days may begin earlier on its first day."""

BASELINE: Final = timedelta(days=7)
"""So much further back `include=baseline` looks than the days that it tells of."""

_SPANS: Final = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
_UNITS: Final = {"h": _SPANS["hours"], "d": _SPANS["days"], "w": _SPANS["weeks"]}
_MOST: Final = 1e6
_WINDOW: Final = re.compile(r"(\d{1,6})([hdw])", re.ASCII)
_STARTS: Final = frozenset({"from", "since", "after", "start"})
_ENDS: Final = frozenset({"to", "until", "before", "end"})
_MOMENTS: Final = _STARTS | _ENDS | {"at", "as_of"}
_DATED_PATHS: Final = "/v1/reports/"
_DATED: Final = re.compile(r"\d{4}-(\d\d|W\d\d).*", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d\d", re.ASCII)
_MOMENT: Final = TypeAdapter(datetime)


def higher(one: Tier, other: Tier) -> Tier:
    """The tier that may do more."""
    order = list(TIERS)
    return max(one, other, key=lambda tier: order.index(tier.name))


def refuse_feature(tier: Tier, feature: Feature) -> None:
    """Raises not-in-tier when the tier does not have the feature."""
    if feature not in tier.features:
        named = next(tier.name for tier in TIERS.values() if feature in tier.features)
        raise ProblemError(NOT_IN_TIER, f"Tier {tier.name} has no {feature}; tier {named} has.")


def refuse_span(tier: Tier, span: timedelta, parameter: str) -> None:
    """Raises not-in-tier when `span`, back from now, is more history than the tier has."""
    if not _reaches(tier, span):
        named = next(tier.name for tier in TIERS.values() if _reaches(tier, span))
        raise ProblemError(
            NOT_IN_TIER,
            f"{parameter}: tier {tier.name} has {tier.history_days} days of history; tier {named} has this.",
        )


def refuse_before(tier: Tier, moment: datetime, parameter: str) -> None:
    """Raises not-in-tier when `moment` lies further back than the tier's history and the rest of its first day."""
    refuse_span(tier, datetime.now(UTC) - _in_utc(moment) - ROUNDING, parameter)


def refuse_query(tier: Tier, path: str, query: bytes) -> None:
    """Raises not-in-tier when any parameter of a query string asks for more history than the tier has.

    Every value of a parameter counts, whichever of them the route takes, and so does what a route reaches back without
    any. What can't be read is left to the route.
    """
    if tier.history_days is None or path.startswith(FREE_PATHS):
        return
    asked = parse_qsl(query.decode("latin-1"))
    spans = [(name, span) for name, value in asked for span in _spans(name, value)]
    moments = [(name, moment) for name, value in asked for moment in _moments(name, value)]
    periods = Periods.of(asked)
    for name, span in spans:
        refuse_span(tier, span, name)
    for name, moment in moments:
        refuse_before(tier, periods.begin(moment), name)
    if path.startswith(_DATED_PATHS):
        for moment in _moments("", path.removeprefix(_DATED_PATHS)):
            refuse_before(tier, moment, "report_id")
    if not any(name in _STARTS for name, _ in moments):
        _refuse_reach(tier, max((span for _, span in spans), default=_unasked(path)), dict(moments), periods)


@dataclass(frozen=True, slots=True)
class Periods:
    """What a span is told by: whole weeks, and means of the days before."""

    has_weeks: bool
    earlier: timedelta

    @classmethod
    def of(cls, asked: Collection[tuple[str, str]]) -> Self:
        return cls(("granularity", "week") in asked, BASELINE if ("include", "baseline") in asked else timedelta())

    def begin(self, moment: datetime) -> datetime:
        """The first moment that an answer rests on which begins with the period of `moment`."""
        try:
            start = _in_utc(moment).astimezone(UTC)
            if self.has_weeks:
                start = datetime.combine(start.date() - timedelta(days=start.weekday()), time(), UTC)
            return start - self.earlier
        except OverflowError:  # at either end of the calendar a week more or less makes no difference
            return moment


def _refuse_reach(tier: Tier, span: timedelta, moments: Mapping[str, datetime], periods: Periods) -> None:
    """What has no stated start begins its span before its stated end, or before now."""
    refuse_span(tier, span + periods.earlier, "include" if periods.earlier else "window")
    for name in _ENDS & moments.keys():
        refuse_before(tier, periods.begin(_in_utc(moments[name]) - span), name)


def _unasked(path: str) -> timedelta:
    return next((span for route, span in UNASKED if route.fullmatch(path)), timedelta())


def _reaches(tier: Tier, span: timedelta) -> bool:
    return tier.history_days is None or span <= timedelta(days=tier.history_days)


def _spans(name: str, value: str) -> Iterator[timedelta]:
    if name in _SPANS:
        try:
            count = float(value)
        except ValueError:
            return
        if not math.isnan(count):
            yield min(max(count, 0), _MOST) * _SPANS[name]
    elif found := _WINDOW.fullmatch(value.strip()):
        yield int(found[1]) * _UNITS[found[2]]


def _moments(name: str, value: str) -> Iterator[datetime]:
    text = value.strip()
    if name in _MOMENTS or _DATED.fullmatch(text):
        try:
            yield _moment(text)
        except (ValidationError, ValueError):
            return


def _moment(text: str) -> datetime:
    if _MONTH.fullmatch(text):
        return datetime.fromisoformat(f"{text}-01")
    try:
        return _MOMENT.validate_python(text)
    except ValidationError:
        return datetime.fromisoformat(text)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
