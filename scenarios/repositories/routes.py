"""Routes that hang on prefixes, and feature flags that hide them: defaults, needs, second names, words of clients.

Not here: the search for a view; the repository's own routing.py says it, and the tests run that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

FLAGS: Final = {
    "EXPORT": ["bulk-export", "csv-export", "download"],
    "LABELS": ["thermal-labels", "printed-labels", "raw-labels"],
    "PRINTERS": ["own-printers", "print-room", "spoolers"],
    "UNDO": ["undo", "second-thoughts", "take-back"],
    "WIDE": ["wide-view", "full-view", "long-view"],
    "QUICK": ["quick-search", "instant-search", "typeahead"],
    "NOTES": ["sticky-notes", "margin-notes", "jottings"],
    "UNUSED": ["dark-theme", "night-colours", "dim-mode"],
}
CLIENTS: Final = ["aldgate", "birchwood", "cormorant", "dunmore", "eastfold", "fairlop"]


def told(cast: Cast, rng: Random) -> Aspect:
    flags = {kind: rng.choice(names) for kind, names in FLAGS.items()}
    client, other = rng.sample(CLIENTS, 2)
    constants = {kind: name.replace("-", "_").upper() for kind, name in flags.items()}
    first, second = cast.areas[0].many, cast.areas[1].many
    modules = sorted([f"{first}_v1", f"{first}_v2", f"{second}_pages", "staff"])
    words = cast.words | constants | {"modules": ", ".join(modules), "mounts": mounts(first, second)}
    words |= {"flag_lines": flag_lines(flags, constants, rng), "overrides": overrides(flags, client, other, rng)}
    return Aspect(filled("routes", words), dict(facts(cast, rng) | {"client": client, "other_client": other}))


def mounts(first: str, second: str) -> str:
    order = (
        ("/staff", "staff"),
        (f"/{first}", f"{first}_v2"),
        (f"/{first}", f"{first}_v1"),
        (f"/{second}", f"{second}_pages"),
    )
    return "\n".join(f'    ("/api{path}", {module}.ROUTES),' for path, module in order)


def flag_lines(flags: dict[str, str], constants: dict[str, str], rng: Random) -> str:
    """QUICK is a second name of the flag that hides what is wide."""
    plain = ["EXPORT", "PRINTERS", "UNDO", "WIDE", "UNUSED"]
    rng.shuffle(plain)
    on = {"EXPORT", "LABELS"}
    lines = [f'{constants[kind]} = Flag("{flags[kind]}"{", is_on=True" if kind in on else ""})' for kind in plain]
    lines.append(f'{constants["LABELS"]} = Flag("{flags["LABELS"]}", is_on=True, needs={constants["PRINTERS"]})')
    lines.append(f'{constants["NOTES"]} = Flag("{flags["NOTES"]}", needs={constants["UNDO"]})')
    lines.append(f"{constants['QUICK']} = {constants['WIDE']}  # until everybody says {flags['WIDE']}")
    return "\n".join(lines)


def overrides(flags: dict[str, str], client: str, other: str, rng: Random) -> str:
    """In production: labels are on without what they need, the wide view but for the client, notes for it only."""
    production = [(flags["LABELS"], "true"), (flags["WIDE"], "true"), (flags["QUICK"], "false")]
    mine = [(flags["WIDE"], "false"), (flags["NOTES"], "true"), (flags["UNDO"], "true")]
    theirs = [(flags["EXPORT"], "false"), (flags["PRINTERS"], "true")]
    tables = {
        "staging": [(flags[kind], "true") for kind in FLAGS],
        "staging.clients": [],
        "production": production,
        f"production.clients.{client}": mine,
        f"production.clients.{other}": theirs,
        f"demo.clients.{client}": [(flags["PRINTERS"], "true")],
    }
    return "\n".join(table(name, rng.sample(pairs, len(pairs))) for name, pairs in tables.items() if pairs)


def table(name: str, pairs: list[tuple[str, str]]) -> str:
    return "".join([f"[{name}]\n", *(f"{key} = {value}\n" for key, value in pairs)])


def facts(cast: Cast, rng: Random) -> dict[str, int | str | list[str] | None]:
    first, second = cast.areas[:2]
    web = f"{cast.package}.{cast.web}"
    old, new, pages = (f"{web}.{name}" for name in (f"{first.many}_v1", f"{first.many}_v2", f"{second.many}_pages"))
    ref = f"{first.one[:2].upper()}-{rng.randint(100, 999)}"
    staff = f"{web}.staff:show_anything"
    show = {"old": f"{old}:show_{first.one}", "new": f"{new}:show_{first.one}"}
    return {
        "web": web,
        "request_1": f"GET /api/{first.many}/{ref}",
        "answer_1": show["old"],
        "decoy_1": show["new"],
        "request_2": f"GET /api/{first.many}/export",
        "answer_2": show["old"],
        "decoy_2": f"{old}:export_{first.many}",
        "request_3": f"GET /api/{first.many}/{ref}/label",
        "answer_3": f"{old}:label_of_{first.one}",
        "decoy_3": f"{new}:label_of_{first.one}",
        "request_4": f"POST /api/{first.many}/{ref}/close",
        "answer_4": f"{new}:close_{first.one}",
        "decoy_4": f"{old}:close_{first.one}",
        "request_5": f"GET /api/{second.many}/search",
        "answer_5": f"{pages}:show_{second.one}",
        "decoy_5": f"{pages}:search_{second.many}",
        "request_6": f"GET /api/{second.many}/{ref}/notes",
        "answer_6": f"{pages}:notes_on_{second.one}",
        "decoy_6_staff": staff,
        "request_7": f"DELETE /api/{first.many}/{ref}",
        "answer_7": None,
        "decoy_7": f"{old}:close_{first.one}",
        "request_8": f"POST /api/{second.many}/{ref}/confirm",
        "answer_8": f"{pages}:confirm_{second.one}",
        "request_9": f"GET /api/staff/{first.many}/export",
        "answer_9": f"{web}.staff:export_all",
        "decoy_9": f"{old}:export_{first.many}",
        "answer_10": f"{new}:label_of_{first.one}",
        "answer_11": f"{pages}:search_{second.many}",
        "answer_12": show["new"],
        "decoy_12": f"{old}:export_{first.many}",
    }
