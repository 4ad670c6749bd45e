"""The history of a table in migrations: renames, a step back, a name that is used again, files that never ran.

Not here: reading SQL; the tests do that on their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

STATES: Final = ["waiting", "parked", "queued", "idle", "fresh"]
EXTRAS: Final = ["priority", "weighting", "urgency", "rank"]
NOTES: Final = ["remark", "comment", "memo", "note"]
FLAGS: Final = ["is_hidden", "is_test", "is_locked"]
KEPT: Final = ["archive_of_{}", "old_{}", "{}_before_2024"]
NEW_NAMES: Final = ["{}_ledger", "{}_book", "{}_record"]


@dataclass
class History:
    """Files of migrations, numbered as they are added."""

    files: dict[str, str] = field(default_factory=dict)

    def add(self, title: str, up: str, down: str) -> str:
        """The name of the file that has just been added."""
        name = f"{len(self.files) + 1:04}_{title}.sql"
        self.files[f"migrations/{name}"] = f"-- up\n{up}\n\n-- down\n{down}\n"
        return name


def told(cast: Cast, rng: Random) -> Aspect:
    words = words_of(cast, rng)
    history = History()
    company = iter(rng.sample(range(3), 3))
    first = history.add(f"create_{words['table']}", CREATE.format(**words), "drop table {table};".format(**words))
    add_company(history, words, next(company))
    retyped = history.add(f"{words['table']}_large_amounts", RETYPE.format(**words), RETYPE_DOWN.format(**words))
    renamed_column = history.add(f"{words['amount']}_with_unit", RENAME.format(**words), RENAME_DOWN.format(**words))
    add_company(history, words, next(company))
    added = history.add(f"{words['extra']}_and_default", CHANGE.format(**words), CHANGE_DOWN.format(**words))
    renamed = history.add(f"{words['table']}_to_{words['renamed']}", MOVE.format(**words), MOVE_DOWN.format(**words))
    reverted = history.add(f"revert_{added[:4]}", REVERT.format(**words), CHANGE.format(**words))
    skipped = history.add(f"{words['flag']}_for_all", SKIPPED.format(**words), SKIPPED_DOWN.format(**words))
    again = history.add(f"{words['table']}_again", AGAIN.format(**words), "drop table {table};".format(**words))
    tidied = history.add(f"{words['note']}_is_needed", TIDY.format(**words), TIDY_DOWN.format(**words))
    add_company(history, words, next(company))
    reached = len(history.files)
    later = history.add(f"{words['extra']}_as_text", LATER.format(**words), LATER_DOWN.format(**words))
    history.add(f"drop_{words['note']}", LAST.format(**words), LAST_DOWN.format(**words))
    words["schema"] = schema(reached, int(skipped[:4]), len(history.files))
    names = {"first": first, "retyped": retyped, "renamed_column": renamed_column, "added": added, "renamed": renamed}
    names |= {"reverted": reverted, "skipped": skipped, "again": again, "tidied": tidied, "later": later}
    return Aspect(filled("migrations", words) | history.files, dict(facts(words, names)))


def words_of(cast: Cast, rng: Random) -> dict[str, str]:
    noun, other, third = cast.others[:3]
    first, changed, wished = rng.sample(STATES, 3)
    return {
        **cast.words,
        "table": noun.many,
        "renamed": rng.choice(NEW_NAMES).format(noun.one),
        "text": noun.text,
        "amount": noun.amount.split("_")[0],
        "amount_unit": f"{noun.amount.split('_')[0]}_total",
        "count": noun.count,
        "extra": rng.choice(EXTRAS),
        "note": rng.choice(NOTES),
        "flag": rng.choice(FLAGS),
        "first_state": first,
        "changed_state": changed,
        "wished_state": wished,
        "other": other.many,
        "other_text": other.text,
        "third": third.many,
        "third_text": third.text,
        "width": str(rng.choice((40, 60, 80))),
        "level": str(rng.randint(2, 9)),
    }


CREATE: Final = """\
create table {table} (
    id bigint primary key,
    {text} varchar({width}) not null,
    {count} integer not null default 0,
    {amount} integer not null,
    state text not null default '{first_state}',
    {note} text
);
create index {table}_by_state on {table} (state);"""
COMPANY: Final = (
    (
        "create_{other}",
        """\
create table {other} (
    id bigint primary key,
    {other_text} text not null,
    state text
);
create index {other}_by_state on {other} (state);""",
        "drop table {other};",
    ),
    (
        "create_{third}",
        """\
create table {third} (
    id bigint primary key,
    {third_text} text,
    {amount} bigint,
    state text not null default 'open'
);""",
        "drop table {third};",
    ),
    (
        "create_visitors",
        """\
create table visitors (
    id bigint primary key,
    state text default '{wished_state}',
    {note} text not null,
    {extra} smallint
);""",
        "drop table visitors;",
    ),
)
RETYPE: Final = """\
alter table {table} alter column {amount} type bigint;
create index {table}_by_{text} on {table} ({text});"""
RETYPE_DOWN: Final = """\
drop index {table}_by_{text};
alter table {table} alter column {amount} type integer;"""
RENAME: Final = "alter table {table} rename column {amount} to {amount_unit};"
RENAME_DOWN: Final = "alter table {table} rename column {amount_unit} to {amount};"
CHANGE: Final = """\
alter table {table} add column {extra} smallint not null default {level};
alter table {table} alter column state set default '{changed_state}';"""
CHANGE_DOWN: Final = """\
alter table {table} alter column state set default '{first_state}';
alter table {table} drop column {extra};"""
MOVE: Final = """\
alter table {table} rename to {renamed};
alter table {renamed} alter column {amount_unit} type numeric(12, 2);"""
MOVE_DOWN: Final = """\
alter table {renamed} alter column {amount_unit} type bigint;
alter table {renamed} rename to {table};"""
REVERT: Final = """\
-- nobody ever sorted by it
alter table {renamed} drop column {extra};
-- alter table {renamed} alter column state set default '{first_state}';
alter table {renamed} alter column state drop default;"""
SKIPPED: Final = """\
alter table {renamed} add column {flag} boolean not null default false;
alter table {renamed} alter column state set default '{wished_state}';"""
SKIPPED_DOWN: Final = "alter table {renamed} drop column {flag};"
AGAIN: Final = """\
-- the name is free again: what partners send goes here before it is looked at
create table {table} (
    id bigint primary key,
    {text} text,
    {amount} text,
    state text default '{wished_state}',
    {extra} integer
);
create index {table}_by_extra on {table} ({extra});"""
TIDY: Final = """\
drop index {table}_by_state;
alter table {renamed} add column {extra} integer;
update {renamed} set {note} = '' where {note} is null;
alter table {renamed} alter column {note} set not null;
alter table {table} alter column state set default '{changed_state}';"""
TIDY_DOWN: Final = """\
alter table {renamed} alter column {note} drop not null;
alter table {renamed} drop column {extra};
create index {table}_by_state on {renamed} (state);"""
LATER: Final = """\
alter table {renamed} alter column {extra} type text;
alter table {renamed} alter column state set default '{first_state}';"""
LATER_DOWN: Final = "alter table {renamed} alter column {extra} type integer;"
LAST: Final = "alter table {renamed} drop column {note};"
LAST_DOWN: Final = "alter table {renamed} add column {note} text;"


def add_company(history: History, words: dict[str, str], number: int) -> None:
    title, up, down = (text.format(**words) for text in COMPANY[number])
    history.add(title, up, down)


def schema(reached: int, skipped: int, last: int) -> str:
    production = f"reached = {reached}\nskipped = [{skipped}] # locked the table for too long, see the incident"
    return f"[production]\n{production}\n\n[staging]\nreached = {last}\n\n[demo]\nreached = {reached - 3}\n"


def facts(words: dict[str, str], names: dict[str, str]) -> dict[str, int | str | list[str] | None]:
    start = ["id", words["text"], words["count"]]
    today = [*start, words["amount_unit"], "state", words["note"]]
    return {
        "table": words["table"],
        "first": names["first"],
        "answer_table": words["renamed"],
        "amount": words["amount"],
        "extra": words["extra"],
        "note": words["note"],
        "text": words["text"],
        "answer_columns": [*today, words["extra"]],
        "decoy_columns_skipped": [*today, words["flag"], words["extra"]],
        "decoy_columns_staging": [*start, words["amount_unit"], "state", words["flag"], words["extra"]],
        "decoy_columns_again": ["id", words["text"], words["amount"], "state", words["extra"]],
        "decoy_columns_unreverted": [*today, words["extra"], words["flag"]],
        "answer_amount": words["amount_unit"],
        "answer_amount_type": "numeric(12, 2)",
        "decoy_amount_type": "bigint",
        "decoy_amount_type_again": "text",
        "answer_amount_file": names["renamed"],
        "decoy_amount_file": names["renamed_column"],
        "answer_state_default": None,
        "answer_state_file": names["reverted"],
        "decoy_state_skipped": words["wished_state"],
        "decoy_state_skipped_file": names["skipped"],
        "decoy_state_tidied": words["changed_state"],
        "decoy_state_tidied_file": names["tidied"],
        "decoy_state_reverted": words["first_state"],
        "answer_extra_type": "integer",
        "answer_extra_file": names["tidied"],
        "decoy_extra_type": "smallint",
        "decoy_extra_file": names["added"],
        "decoy_extra_staging": "text",
        "decoy_staging_file": names["later"],
        "decoy_again_file": names["again"],
        "answer_nullable": [words["extra"]],
        "decoy_nullable_note": [words["note"], words["extra"]],
        "decoy_nullable_none": [words["note"]],
        "answer_indexes": [f"{words['table']}_by_{words['text']}"],
        "decoy_indexes_two": [f"{words['table']}_by_state", f"{words['table']}_by_{words['text']}"],
        "decoy_indexes_name": [f"{words['table']}_by_extra", f"{words['table']}_by_{words['text']}"],
        "answer_not_run": [names["skipped"]],
    }
