"""Exceptions on their way up: caught, turned into others, and mapped to a status by a table in which order counts.

Not here: which exception is caught where; the repository's own code says it, and the tests run that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

CLASSES: Final = {
    "missing": ["Missing", "NotThere", "Unheard"],
    "gone": ["Gone", "Removed", "Buried"],
    "conflict": ["Conflict", "Clash", "Collision"],
    "stale": ["Stale", "Overtaken", "Outdated"],
    "refused": ["Refused", "Denied", "Barred"],
    "many": ["TooMany", "Exhausted", "OverLimit"],
    "manytoday": ["TooManyToday", "SpentToday", "DayIsFull"],
    "malformed": ["Malformed", "Unreadable", "Misshapen"],
    "upstream": ["Upstream", "PartnerFailed", "Elsewhere"],
    "slowness": ["UpstreamSlow", "PartnerSlow", "Waiting"],
}
IN_TABLE: Final = ("conflict", "malformed", "missing", "refused", "stale", "upstream")


def told(cast: Cast, rng: Random) -> Aspect:
    classes = {kind: rng.choice(names) for kind, names in CLASSES.items()}
    statuses = statuses_of(rng)
    partner = rng.choice(cast.vendors)
    numbers = {"tries": rng.randint(2, 6), "quota_most": rng.randint(20, 90)}
    error_names = [*(classes[kind] for kind in IN_TABLE), f"{cast.package.capitalize()}Error"]
    words: dict[str, object] = {
        **cast.words,
        **{f"class_{kind}": name for kind, name in classes.items()},
        **statuses,
        **numbers,
        "partner": partner,
        "Partner": partner.capitalize(),
        "error_names": ", ".join(sorted(error_names)),
        "records": rng.choice(("records", "versions", "rows_by_ref")),
        "quota": rng.choice(("quota", "allowance", "ration")),
    }
    one, two = cast.areas[:2]
    parts: dict[str, int | str | None] = {
        "one1": one.one,
        "one2": two.one,
        "count1": one.count,
        "amount2": two.amount,
        "partner": str(words["Partner"]),
        "actions": f"src/{cast.package}/actions",
        "most": numbers["quota_most"],
        "answer_sends": numbers["tries"],
    }
    return Aspect(filled("failures", words), dict(parts | facts(classes, statuses)))


def statuses_of(rng: Random) -> dict[str, int]:
    malformed, value = rng.sample((422, 400), 2)
    stale, lookup = rng.sample((412, 428, 417), 2)
    return {
        "stale": stale,
        "lookup": lookup,
        "malformed": malformed,
        "value": value,
        "gone": rng.choice((410, 451)),
        "timeout": rng.choice((504, 503)),
        "upstream": rng.choice((502, 424)),
        "nothing": rng.choice((204, 205)),
    }


def facts(classes: dict[str, str], statuses: dict[str, int]) -> dict[str, int | str | None]:
    """A status and the name of an exception for each situation; the prompt says which situation has which number."""
    truth: dict[int, tuple[int, str | None]] = {
        1: (statuses["gone"], classes["gone"]),
        2: (409, classes["stale"]),
        3: (statuses["malformed"], classes["malformed"]),
        4: (statuses["value"], "ValueError"),
        5: (statuses["nothing"], None),
        6: (200, None),
        7: (statuses["timeout"], classes["slowness"]),
        8: (statuses["upstream"], classes["upstream"]),
        9: (429, classes["manytoday"]),
        10: (statuses["value"], "ValueError"),
        11: (statuses["lookup"], "KeyError"),
        12: (403, classes["refused"]),
    }
    parts: dict[str, int | str | None] = {}
    for number, (status, error) in truth.items():
        parts |= {f"status_{number}": status, f"error_{number}": error}
    return {
        **parts,
        "decoy_missing": classes["missing"],
        "decoy_missing_status": 404,
        "decoy_stale_status": statuses["stale"],
        "decoy_many": classes["many"],
        "decoy_upstream": classes["upstream"],
        "decoy_upstream_status": statuses["upstream"],
        "decoy_malformed": classes["malformed"],
        "decoy_malformed_status": statuses["malformed"],
        "decoy_slow": classes["slowness"],
        "decoy_slow_status": statuses["timeout"],
        "decoy_gone": classes["gone"],
        "decoy_gone_status": statuses["gone"],
        "decoy_refused": classes["refused"],
    }
