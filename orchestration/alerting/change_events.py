"""Events of changed prices, models that came, went or are answered by others, budgets, and the pipeline itself.

Pure. Not here: how changes are found (collection, pricing), nor the words (messages).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from orchestration.records import id_of, is_asked_otherwise
from orchestration.storage.alert_rows import AlertEvent, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orchestration.storage.alert_sources import KnownTarget
    from orchestration.storage.spending import Account

LATE_AFTER: Final = timedelta(minutes=150)
"""Of the newest measured hour: one hour was missed, and its run had time to end."""
BUDGET_MARKS: Final = (100, 80)
"""In percent, the highest first."""


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run of the pipeline that failed and whose work no later one has done."""

    run_id: str
    job: str
    partition: str
    ended_at: datetime


def change_events(
    changes: Iterable[Mapping[str, Any]], targets: Mapping[str, KnownTarget], now: datetime
) -> Iterator[AlertEvent]:
    """Of rows of raw.changes: prices, listings, lifecycles and served models. A host's first listing is no news."""
    of_model: dict[str, list[str]] = defaultdict(list)
    for target in targets.values():
        of_model[f"{target.provider}/{target.model}"].append(target.target_id)
    known = list(changes)
    for change in known:
        told = _told_as(change)
        if told is not None:
            topic, kind = told
            subject = change["subject"]
            concerned = [subject] if subject in targets else sorted(of_model[subject])
            provider = targets[subject].provider if subject in targets else subject.partition("/")[0]
            yield _event(
                topic,
                kind,
                (change["kind"], subject, _begun(change, known).isoformat()),
                now,
                target_ids=concerned,
                provider=provider,
                is_simulated=bool(concerned) and all(targets[name].is_simulated for name in concerned),
                occurred_at=change["effective_at"],
                content={"subject": subject, "before": change["old_value"], "after": change["new_value"]},
            )


def _told_as(change: Mapping[str, Any]) -> tuple[Topic, str] | None:
    old, new = change["old_value"] or {}, change["new_value"] or {}
    match change["kind"]:
        case "price":
            return "prices", _told_of_price(old, new)
        case "listing" if not new:
            return "lifecycle", "model_vanished"
        case "listing" if new.get("event") != "in_first_listing":
            return "lifecycle", "model_listed"
        case "lifecycle" if new.get("lifecycle") in {"deprecated", "retired"}:
            return "lifecycle", "model_deprecated"
        case "served_model" if not is_asked_otherwise(old, new):
            return "lifecycle", "served_model_changed"
    return None


def _told_of_price(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A suspected price ends with a change from it: to another one, or to the same where a person has stated it."""
    if "suspicion" in new:
        return "price_suspect"
    if "suspicion" not in old:
        return "price_changed"
    return "price_confirmed" if new == {name: old[name] for name in old if name != "suspicion"} else "price_withdrawn"


def _begun(change: Mapping[str, Any], known: Iterable[Mapping[str, Any]]) -> datetime:
    """When the matter of a change began: the end of a suspicion belongs to the change that raised it."""
    suspected, begun = change["old_value"], cast("datetime", change["effective_at"])
    if not (change["kind"] == "price" and "suspicion" in (suspected or {})):
        return begun
    raised = (
        cast("datetime", other["effective_at"])
        for other in known
        if (other["kind"], other["subject"], other["new_value"]) == ("price", change["subject"], suspected)
    )
    return max((moment for moment in raised if moment <= begun), default=begun)


def budget_events(
    spent: Mapping[Account, Decimal],
    left_out: Mapping[Account, datetime],
    limits: Mapping[Account, Decimal],
    now: datetime,
) -> Iterator[AlertEvent]:
    """The highest mark that an account of a period has reached. One that left calls out since a moment is used up."""
    for account, limit in sorted(limits.items()):
        used, since = spent.get(account, Decimal(0)), left_out.get(account)
        reached = next((mark for mark in BUDGET_MARKS if used * 100 >= limit * mark), None)
        if (mark := reached if since is None else BUDGET_MARKS[0]) is None:
            continue
        yield _event(
            "budget",
            f"budget_{mark}",
            (account.target_id, account.grain, account.period_start.isoformat()),
            now,
            target_ids=[account.target_id] if account.target_id else [],
            content={
                "grain": account.grain,
                "period_start": account.period_start.isoformat(),
                "spent_usd": float(used),
                "limit_usd": float(limit),
                "percent": mark,
                "left_out_at": since and since.isoformat(),
            },
        )


def pipeline_events(
    newest_hour: datetime | None, failed: Iterable[FailedRun], told: Iterable[AlertEvent], now: datetime
) -> Iterator[AlertEvent]:
    """That hours are late, that they are measured again, and that a run failed, which is told once a day (UTC)."""
    if newest_hour is not None:
        yield from _lateness(newest_hour, told, now)
    for run in failed:
        content = {"job": run.job, "run_id": run.run_id, "partition": run.partition}
        matter = (run.job, run.ended_at.date().isoformat())
        yield _event("pipeline", "run_failed", matter, now, occurred_at=run.ended_at, content=content)


def _lateness(newest_hour: datetime, told: Iterable[AlertEvent], now: datetime) -> Iterator[AlertEvent]:
    content = {"newest_hour": newest_hour.isoformat()}
    if now - newest_hour > LATE_AFTER:
        yield _event("pipeline", "late", ("late", newest_hour.isoformat()), now, content=content)
        return
    for event in told:
        if event.kind == "late" and event.topic == "pipeline":
            since = event.content["newest_hour"]
            yield _event("pipeline", "late_over", ("late", since), now, content=content | {"late_since": since})


def _event(
    topic: Topic,
    kind: str,
    matter: tuple[str, ...],
    now: datetime,
    *,
    content: dict[str, Any],
    target_ids: list[str] | None = None,
    provider: str | None = None,
    is_simulated: bool = False,
    occurred_at: datetime | None = None,
) -> AlertEvent:
    """One event of a matter and kind, whenever it is made."""
    return AlertEvent(
        event_id=id_of(topic, kind, *matter),
        thread_id=id_of(topic, *matter),
        topic=topic,
        kind=kind,
        target_ids=target_ids or [],
        families=[],
        provider=provider,
        metric=None,
        severity=None,
        value=None,
        is_simulated=is_simulated,
        content=content,
        occurred_at=occurred_at or now,
        recorded_at=now,
    )
