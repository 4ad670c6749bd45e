"""Which models fit the limits of a request, and why others do not.

Not here: the order of those that fit (order.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.recommendations.schemas import Excluded, ExclusionReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.database import Row
    from api.recommendations.schemas import RecommendationsQuery

CEILINGS = (
    "cost_per_task_usd",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "latency_p50_ms",
    "latency_p95_ms",
    "time_to_first_token_p50_ms",
    "time_to_first_token_p95_ms",
    "error_rate",
)


def divided(rows: Sequence[Row], query: RecommendationsQuery) -> tuple[list[Row], list[Excluded]]:
    """The rows that fit, and what does not with every reason."""
    wants_simulated = _wants_simulated(rows, query)
    fitting: list[Row] = []
    excluded: list[Excluded] = []
    for row in rows:
        reasons = list(_reasons(row, query, wants_simulated=wants_simulated))
        if reasons:
            excluded.append(Excluded.model_validate({**row, "reasons": reasons}))
        else:
            fitting.append(row)
    return fitting, excluded


def _wants_simulated(rows: Sequence[Row], query: RecommendationsQuery) -> bool:
    if query.simulated == "auto":
        return not any(row["score_mean"] is not None and not row["is_simulated"] for row in rows)
    return query.simulated == "true"


def _reasons(row: Row, query: RecommendationsQuery, *, wants_simulated: bool) -> Iterator[ExclusionReason]:
    if row["is_simulated"] != wants_simulated:
        kind = "simulated" if row["is_simulated"] else "real"
        yield _reason("kind", "simulated" if wants_simulated else "real", kind, f"it is {kind}")
    if not row["is_enabled"]:
        yield _reason("enabled", None, row["lifecycle"], row["disabled_reason"] or "it is not measured now")
    if row["score_mean"] is None:
        yield _reason("scored", None, None, "it has no score in this window")
        return
    if query.open_weights != "any" and row["is_open_weights"] != (query.open_weights == "true"):
        found = "published" if row["is_open_weights"] else "not published"
        yield _reason("open_weights", query.open_weights, found, f"its weights are {found}")
    if query.min_score_mean is not None and row["score_mean"] < query.min_score_mean:
        yield _reason("min_score_mean", query.min_score_mean, row["score_mean"], _is("score_mean", row["score_mean"]))
    for name in CEILINGS:
        limit, value = getattr(query, f"max_{name}"), row[name]
        if limit is not None and (value is None or value > limit):
            yield _reason(f"max_{name}", limit, None if value is None else float(value), _is(name, value))


def _reason(constraint: str, limit: float | str | None, value: float | str | None, detail: str) -> ExclusionReason:
    return ExclusionReason(constraint=constraint, limit=limit, value=value, detail=detail)


def _is(name: str, value: float | None) -> str:
    return f"{name} is {'unknown' if value is None else format(float(value), '.6g')}"
