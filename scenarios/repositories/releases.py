"""A fix on its way through releases: reverted, picked to lines, taken back, made again; and services that pin versions.

Not here: the rules of releasing; docs/releasing.md of the repository says them, and the tests read it like that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled
from scenarios.repositories.vocabulary import words_of as words_of_noun

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

ORDER: Final = ["a.0", "a.1", "b.0", "b.1", "a.2", "c.0", "c.1", "c.2", "d.0", "c.3", "d.1", "e.0-rc.1"]
"""All releases by day; the letters are lines that follow each other."""

HOLDING: Final = ["a.0", "a.1", "b.1", "c.2", "c.3", "d.0", "d.1"]
TOLD: Final = {
    "a.0": ("#{fix} {subject} ({who})",),
    "a.1": ("Took back #{other}: {other_subject}",),
    "b.0": ("Reverted #{fix}: it made {many1} slow",),
    "b.1": ("Picked #{fix} after all, since {team} can't do without",),
    "a.2": ("Took back #{fix} on this line as well",),
    "c.0": ("#{twin} {twin_subject}, which #{fix} was not about",),
    "c.1": ("Picked #{late}: {late_subject}",),
    "c.2": ("Picked #{fix}",),
    "d.0": ("#{fix} again, this time without a lock ({who})", "#{late} {late_subject}"),
    "c.3": ("Took back #{late}, which had nothing to do with #{fix}",),
    "d.1": ("Took back #{twin} on this line; #{fix} stays",),
    "e.0-rc.1": ("Reverted #{twin}, without which #{fix} is as good",),
}
SERVICES: Final = ["api", "mailer", "portal", "kiosk", "ledger", "intake", "relay", "billing"]
SUBJECTS: Final = (
    "{one} references keep their leading zeros",
    "closing {a} {one} twice is refused",
    "lists of {many} end where they should",
    "{one} totals are added up in cents",
    "{many} that are held are no longer mailed about",
    "{many} without {text} can be found again",
)
SMALL: Final = (
    "#{number} {one} pages load their {text} once",
    "#{number} {many} are exported with {count}",
    "#{number} A button to hold {a} {one}",
    "#{number} Better words when {a} {one} is refused",
    "#{number} {many} by {text} on the Monday page",
    "#{number} Fewer queries for a list of {many}",
)


@dataclass(frozen=True)
class Calendar:
    """Versions and days of all releases by their short name, such as `c.1`."""

    versions: dict[str, str]
    days: dict[str, date]

    def between(self, first: str, second: str) -> date:
        return self.days[first] + (self.days[second] - self.days[first]) // 2

    def after(self, release: str) -> date:
        return self.days[release] + timedelta(days=2)


def told(cast: Cast, rng: Random) -> Aspect:
    calendar = calendar_of(rng)
    tickets = rng.sample(range(400, 980), 40)
    words = words_of(cast, rng, tickets)
    services = rng.sample(SERVICES, 7)
    pins = pins_of(calendar)
    texts = {
        "changelog": changelog(cast, rng, calendar, words, tickets[4:]),
        "pins": pin_tables(services, pins, rng),
        "pin_line": calendar.versions["c.1"].removesuffix(".1"),
        "tickets": ticket_lines(words, rng),
    }
    return Aspect(filled("releases", texts), dict(facts(calendar, services, pins, words)))


def calendar_of(rng: Random) -> Calendar:
    major, minor = rng.randint(2, 6), rng.randint(1, 14)
    lines = {letter: minor + number for number, letter in enumerate("abcde")}
    versions = {name: f"{major}.{lines[name[0]]}{name[1:]}" for name in ORDER}
    days: dict[str, date] = {}
    day = date(2026, 1, rng.randint(5, 25))
    for name in ORDER:
        days[name] = day
        day += timedelta(days=rng.randint(6, 17))
    return Calendar(versions, days)


def words_of(cast: Cast, rng: Random, tickets: list[int]) -> dict[str, str]:
    fix, twin, other, late = (str(number) for number in tickets[:4])
    subjects = [subject.format(**noun_words(cast, rng)) for subject in rng.sample(SUBJECTS, 4)]
    names = ("subject", "twin_subject", "other_subject", "late_subject")
    people = {"who": rng.choice(cast.people), "team": cast.teams[0]}
    return {
        "fix": fix,
        "twin": twin,
        "other": other,
        "late": late,
        "many1": cast.areas[0].many,
        **dict(zip(names, subjects, strict=True)),
        **people,
    }


def noun_words(cast: Cast, rng: Random) -> dict[str, str]:
    noun = rng.choice(cast.areas + cast.others)
    return words_of_noun(noun)


def changelog(cast: Cast, rng: Random, calendar: Calendar, words: dict[str, str], tickets: list[int]) -> str:
    numbers = iter(tickets)
    sections = []
    for name in reversed(ORDER):
        lines = [line.format(**words) for line in TOLD[name]]
        small = rng.sample(SMALL, rng.randint(1, 3))
        lines += [line.format(number=next(numbers), **noun_words(cast, rng)) for line in small]
        rng.shuffle(lines)
        mark = " [yanked]" if name == "c.2" else ""
        heading = f"## {calendar.versions[name]}{mark} - {calendar.days[name]}"
        sections.append("\n".join([heading, "", *(f"- {line}" for line in lines)]))
    return "\n\n".join(sections)


def ticket_lines(words: dict[str, str], rng: Random) -> str:
    kinds = {"fix": "subject", "twin": "twin_subject", "other": "other_subject", "late": "late_subject"}
    lines = [f"- #{words[number]}: {words[subject]}" for number, subject in kinds.items()]
    rng.shuffle(lines)
    return "\n".join(lines)


def pins_of(calendar: Calendar) -> list[tuple[str, date, str]]:
    """For each service its pin, the day, and the short name of what it runs."""
    lines = {name[0]: version.rsplit(".", 1)[0] for name, version in calendar.versions.items() if "-" not in name}
    return [
        (f"{lines['c']}.*", calendar.between("d.0", "c.3"), "c.1"),
        (f"{lines['c']}.*", calendar.after("c.3"), "c.3"),
        (f"{lines['a']}.*", calendar.between("c.1", "c.2"), "a.2"),
        ("latest", calendar.between("c.3", "d.1"), "d.0"),
        (calendar.versions["b.0"], calendar.after("c.3"), "b.0"),
        (f">={lines['b']}, <{lines['d']}", calendar.between("c.0", "c.1"), "c.0"),
        (calendar.versions["c.2"], calendar.after("c.2"), "c.2"),
    ]


def pin_tables(services: list[str], pins: list[tuple[str, date, str]], rng: Random) -> str:
    tables = [
        f'[{name}]\npin = "{pin}"\nrolled_out = {day}\n' for name, (pin, day, _) in zip(services, pins, strict=True)
    ]
    rng.shuffle(tables)
    return "\n".join(tables)


def facts(
    calendar: Calendar, services: list[str], pins: list[tuple[str, date, str]], words: dict[str, str]
) -> dict[str, int | str | list[str]]:
    parts: dict[str, int | str | list[str]] = {"ticket": f"#{words['fix']}", "subject": words["subject"]}
    for number, (service, (_, _, runs)) in enumerate(zip(services, pins, strict=True), 1):
        parts |= {f"service_{number}": service, f"version_{number}": calendar.versions[runs]}
        parts[f"fixed_{number}"] = runs in HOLDING
    hasty = {
        "1_yanked": "c.2",
        "1_undated": "c.3",
        "3_taken": "a.1",
        "4_by_day": "c.3",
        "4_undated": "d.1",
        "6_undated": "c.3",
    }
    parts |= {f"decoy_version_{name}": calendar.versions[release] for name, release in hasty.items()}
    parts["decoy_version_4_candidate"] = calendar.versions["e.0-rc.1"]
    holding = {
        "answer_holding": HOLDING,
        "decoy_holding_mentioned": ["a.0", "b.1", "c.2", "d.0", "d.1"],
        "decoy_holding_one_line": ["a.0", "a.1", "b.1", "c.0", "c.1", "c.2", "c.3", "d.0", "d.1"],
        "decoy_holding_unpicked": ["a.0", "a.1", "a.2", "d.0", "d.1"],
        "answer_lost": ["a.2", "b.0"],
        "decoy_lost_trunk": ["b.0"],
        "decoy_lost_mentioned": ["a.2", "b.0", "c.3", "d.1"],
    }
    parts |= {name: [calendar.versions[release] for release in releases] for name, releases in holding.items()}
    return parts | {"answer_back": calendar.versions["d.0"], "decoy_back_picked": calendar.versions["b.1"]}
