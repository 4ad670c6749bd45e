"""A report as Markdown, for the terminal, a mail or a chat.

Not here: what it says (document).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orchestration.storage.report_rows import Report

    Body = dict[str, Any]

UNKNOWN = "—"
MOVE_REASONS = {
    "not_measured": UNKNOWN,
    "no_period_before": "no period before of this suite version",
    "not_measured_before": "not measured before",
    "other_scorer_versions": "graded by other scorer versions",
}


def markdown_of(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    body = report.body
    yield f"# {body['kind'].title()} report {body['period']}"
    yield ""
    if not body["is_complete"]:
        yield "The period has not ended: these are the numbers so far."
    yield f"Newest measured hour: {f'{report.as_of:%Y-%m-%d %H}:00 UTC' if report.as_of else 'none'}."
    for suite in body["suites"]:
        yield from _suite(suite)
    yield from _section("Late hours", map(_late, body["late_hours"]))
    yield from _spend(body["spend"])
    yield from _budgets(body["budgets"])
    yield from _section("Changes", map(_change, body["changes"]))


def _suite(suite: Body) -> Iterator[str]:
    yield from ("", f"## Suite {suite['suite']} v{suite['suite_version']}", "")
    header = ("target", "score", "95% interval", "n", "scenarios", "move", "scorers")
    yield from _table(header, map(_standing, suite["standings"]))
    coverage = suite["coverage"]
    yield ""
    yield (
        f"Coverage: of {coverage['planned_count']:,} planned calls {coverage['answered_count']:,} answered, "
        f"{coverage['failed_count']:,} failed, {coverage['scored_count']:,} scored on time."
    )
    yield ""
    rows = ((row["status"], row["reason"] or "", f"{row['target_hour_count']:,}") for row in coverage["by_reason"])
    yield from _table(("hours of targets", "reason", "count"), rows)


def _standing(row: Body) -> tuple[str, ...]:
    name = f"{row['label']} (simulated)" if row["is_simulated"] else row["label"]
    score = _number(row["score_mean"], ".2f") if row["score_mean"] is not None else f"{UNKNOWN} ({row['reason']})"
    known = row["score_ci95_lower"] is not None
    interval = f"{row['score_ci95_lower']:.2f} to {row['score_ci95_upper']:.2f}" if known else UNKNOWN
    move = f"{row['move']:+.2f}" if row["move"] is not None else MOVE_REASONS[row["move_reason"]]
    count, scenarios = f"{row['scored_count']:,}", str(row["scenario_count"])
    return name, score, interval, count, scenarios, move, row["scorer_versions"] or UNKNOWN


def _spend(rows: list[Body]) -> Iterator[str]:
    yield from ("", "## Spend", "")
    told = (
        (
            f"{row['target_id']} (simulated)" if row["is_simulated"] else row["target_id"],
            f"{row['asked_count']:,}",
            _number(row["cost_usd"], ".6f") if row["reason"] is None else f"{UNKNOWN} ({row['reason']})",
        )
        for row in rows
    )
    yield from _table(("target", "calls asked", "USD"), told)


def _budgets(rows: list[Body]) -> Iterator[str]:
    yield from ("", "## Budgets", "")
    told = (
        (
            row["target_id"] or "all real targets",
            f"{row['grain']} {row['period_start'][:10]}",
            f"{row['spent_usd']:.6f}",
            _number(row["limit_usd"], "g"),
        )
        for row in rows
    )
    yield from _table(("of", "period", "spent USD", "limit USD"), told)


def _late(row: Body) -> str:
    return f"{row['benchmark_hour'][:13]} {row['suite']} v{row['suite_version']}: {', '.join(row['target_ids'])}"


def _change(row: Body) -> str:
    old, new = (json.dumps(row[name], sort_keys=True) for name in ("old_value", "new_value"))
    return f"{row['effective_at'][:16]} {row['kind']} of {row['subject']}: {old} to {new} ({row['source']})"


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    lines = [f"- {item}" for item in items]
    yield from lines or ["none"]


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    told = [*rows]
    if not told:
        yield "none"
        return
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in told:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _number(value: float | None, pattern: str) -> str:
    return UNKNOWN if value is None else format(value, pattern)
