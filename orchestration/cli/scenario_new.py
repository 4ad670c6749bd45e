"""`aibaas scenarios new`: a scenario to start from."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.schema import Family, GraderKind, Language

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG: Final = 60


@click.command("new")
@click.argument("family")
@click.argument("slug")
@click.option("--kind", help="How answers are graded. Default: function.", default="function")
@click.option("--language", help="What answers are written in. Default: what the kind is mostly asked in.")
@click.option("--into", default="core", show_default=True, help="core or community/HANDLE.")
def command(family: str, slug: str, kind: str, language: str | None, into: str) -> None:
    """Write the files of a new scenario: a toy that is graded, and marks where you write; `prove` names those left."""
    from scenarios import schema
    from scenarios.skeleton import LANGUAGE_OF, skeleton

    one_of("family", family, schema.Family)
    one_of("kind", kind, schema.GraderKind)
    group = group_of(into, family)
    refuse_bad_slug("slug", slug)
    graded: GraderKind = kind  # type: ignore[assignment] # it is one of them
    spoken: Language | None = language or LANGUAGE_OF[graded]  # type: ignore[assignment] # refused in the next line
    if spoken not in schema.LANGUAGES_OF[graded]:
        raise OperatorError(f"a grader of kind {kind} can't grade {spoken}: {languages(schema.LANGUAGES_OF[graded])}")
    folder = settings().scenarios_dir / into / ("" if into != "core" else family) / slug
    named: Family = family  # type: ignore[assignment] # it is one of them
    canary = f"aibaas-canary-{uuid.uuid4()}"
    write(folder, skeleton(f"{group}/{slug}", named, graded, spoken, canary, datetime.now(UTC).date()))
    click.echo(f"{folder}\n./aibaas scenarios prove {group}/{slug} says what is left to be written")


def one_of(what: str, given: str, kinds: Any) -> None:
    if given not in get_args(kinds):
        raise OperatorError(f"no {what} {given!r}: there are {', '.join(get_args(kinds))}")


def languages(known: frozenset[str | None]) -> str:
    return " or ".join(sorted(language or "none" for language in known))


def group_of(into: str, family: str) -> str:
    """The first part of the id. Raises OperatorError for a place where no scenario lies."""
    from scenarios.loader import FAMILIES

    if into == "core":
        return family
    place, _, handle = into.partition("/")
    if place != "community":
        raise OperatorError(f"--into is core or community/HANDLE, not {into!r}")
    refuse_bad_slug("handle", handle)
    if handle in FAMILIES:
        raise OperatorError(f"the handle {handle!r} is the name of a family: take another")
    return handle


def refuse_bad_slug(what: str, given: str) -> None:
    if not SLUG.fullmatch(given) or len(given) > LONGEST_SLUG:
        rule = f"small letters and digits, joined by single hyphens, at most {LONGEST_SLUG}"
        raise OperatorError(f"the {what} {given!r} is not usable: {rule}")


def write(folder: Path, files: dict[str, str]) -> None:
    try:
        if not (settings().scenarios_dir / "core").is_dir():
            raise OperatorError(f"{settings().scenarios_dir} holds no catalogue: set AIBAAS_SCENARIOS_DIR")
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    except FileExistsError:
        raise OperatorError(f"{folder} exists already: take another slug, or remove it") from None
    except OSError as error:
        raise OperatorError(f"can't write {folder}: {error.strerror}") from None
