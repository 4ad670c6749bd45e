"""What a process loads when it starts, what it loads later, and what is written but never loaded.

Not here: how Python imports; the tests really do it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

LIBRARIES: Final = ["tablecraft", "gridpaper", "inkplot", "sheetwork", "plotline"]
MODULES: Final = {
    "sheet": ["sheets", "paper", "prints"],
    "filing": ["filing", "folders", "cabinets"],
    "rows": ["rows", "records", "columns"],
    "trend": ["trend", "curve", "outlook"],
}
PROCESSES: Final = {
    "deep": ["printing", "printer"],
    "package": ["filer", "intake"],
    "typed": ["feed", "outlet"],
    "later": ["pictures", "gallery"],
    "guarded": ["console", "terminal"],
    "shielded": ["mailer", "courier"],
    "wrong_shield": ["digest", "bulletin"],
    "named": ["viewer", "display"],
    "retired": ["midnight", "allnight"],
}
NAMES: Final = ["amber", "basil", "cedar", "delta", "ember", "fjord", "gamma", "hazel", "indigo", "juniper", "kelp"]
ALIVE: Final = tuple(kind for kind in PROCESSES if kind != "retired")


def told(cast: Cast, rng: Random) -> Aspect:
    modules = {kind: rng.choice(names) for kind, names in (MODULES | PROCESSES).items()}
    names = dict(zip(ALIVE, rng.sample(NAMES, len(ALIVE)), strict=True))
    order = rng.sample(ALIVE, len(ALIVE))
    lines = [f"{names[kind]}: python -m {cast.package}.processes.{modules[kind]}" for kind in order]
    lines.insert(4, f"# night: python -m {cast.package}.processes.{modules['retired']}")
    words = cast.words | modules | {"procfile": "\n".join(lines), "library": rng.choice(LIBRARIES)}
    numbers = {"width": rng.randint(70, 120), "stem": cast.package[:4]}
    return Aspect(filled("imports", words | numbers), dict(facts(cast, modules, names) | {"library": words["library"]}))


def facts(cast: Cast, modules: dict[str, str], names: dict[str, str]) -> dict[str, int | str | list[str]]:
    def named(*kinds: str) -> list[str]:
        return sorted(names[kind] for kind in kinds)

    package = cast.package
    first, second = cast.areas[0].many, cast.areas[1].many
    deep = [f"{package}.processes.{modules['deep']}", f"{package}.{first}.{modules['sheet']}"]
    filed = [f"{package}.processes.{modules['package']}", f"{package}.{second}.{modules['filing']}"]
    package_of, tables = f"{package}.reporting", f"{package}.reporting.tables"
    return {
        "process": names["deep"],
        "filing": names["package"],
        "pictures": names["later"],
        "package": package_of,
        "names_file": f"src/{package}/reporting/__init__.py",
        "answer_down": named("deep", "package", "wrong_shield"),
        "decoy_down_deep": named("deep"),
        "decoy_down_written": named("deep", "guarded", "shielded", "wrong_shield"),
        "decoy_down_all": named(*(kind for kind in ALIVE if kind != "typed")),
        "decoy_down_suppressed": named("deep", "package"),
        "answer_later": named("later", "named"),
        "decoy_later_lazy": named("later"),
        "decoy_later_guarded": named("later", "guarded"),
        "answer_safe": named("typed", "guarded", "shielded"),
        "decoy_safe_package": named("typed", "guarded", "shielded", "package", "named", "wrong_shield"),
        "decoy_safe_named": named("typed", "guarded", "shielded", "named"),
        "decoy_safe_typed": named("typed"),
        "decoy_safe_suppressed": named("typed", "guarded", "shielded", "wrong_shield"),
        "answer_chain": [*deep, package_of, tables],
        "decoy_chain": [*deep, tables],
        "answer_filing_chain": [*filed, package_of, tables],
        "decoy_filing_chain": [*filed, f"{package}.reporting.names"],
        "answer_writers": sorted([tables, f"{package}.reporting.charts", f"{package}.plain", rows_of(cast, modules)]),
        "decoy_writers": sorted([tables, f"{package}.reporting.charts", f"{package}.plain"]),
        "answer_raises": tables,
        "answer_later_raises": tables,
        "decoy_later_raises": f"{package}.reporting.charts",
        "answer_mended": named("package"),
        "decoy_mended": named("package", "wrong_shield"),
        "decoy_mended_all": named("deep", "package", "wrong_shield"),
        "decoy_mended_none": [],
    }


def rows_of(cast: Cast, modules: dict[str, str]) -> str:
    return f"{cast.package}.{cast.areas[2].many}.{modules['rows']}"
