"""Who has to look at a change, and what the pipeline does with it: owners, teams, filters of paths and branches.

Not here: GitHub's rules; the tests hold a reading of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

SIZES: Final = (3, 3, 2, 3, 2)
"""Members of each team."""


def told(cast: Cast, rng: Random) -> Aspect:
    teams = teams_of(cast, rng)
    words = cast.words | {f"team{number}": team for number, team in enumerate(cast.teams, 1)}
    away = [teams[cast.teams[1]][0], teams[cast.teams[4]][0]]
    words |= {"teams": team_tables(teams, away, rng), "minute": str(rng.randint(0, 59))}
    words |= {"quota1": str(rng.randint(10, 90)), "quota2": str(rng.randint(100, 900))}
    return Aspect(filled("review", words), dict(facts(cast, rng, teams)))


def teams_of(cast: Cast, rng: Random) -> dict[str, list[str]]:
    """The second person of the second and of the fifth team is the same one; the others have the second's first too."""
    people = iter(rng.sample(cast.people, len(cast.people)))
    members = {team: [next(people) for _ in range(size - 1)] for team, size in zip(cast.teams, SIZES, strict=True)}
    second, fifth = members[cast.teams[1]], members[cast.teams[4]]
    second.insert(1, next(people))
    fifth.append(second[1])
    for team in (cast.teams[0], cast.teams[2], cast.teams[3]):
        members[team].append(second[0])
    return members


def team_tables(teams: dict[str, list[str]], away: list[str], rng: Random) -> str:
    names = rng.sample(sorted(teams), len(teams))
    listed = [f"{name} = [{', '.join(quoted(person) for person in teams[name])}]" for name in names]
    return "\n".join([f"away = [{', '.join(quoted(person) for person in sorted(away))}]", "", "[teams]", *listed])


def quoted(text: str) -> str:
    return f'"{text}"'


def facts(cast: Cast, rng: Random, teams: dict[str, list[str]]) -> dict[str, int | str | list[str] | None]:
    one, two, three = (noun.many for noun in cast.areas[:3])
    first, second, third, fourth, fifth = cast.teams
    source = f"src/{cast.package}"
    author = teams[fourth][0]
    return {
        "author": author,
        "branch": f"release/{rng.randint(2, 9)}.{rng.randint(0, 9)}",
        "package": cast.package,
        "file_1": f"{source}/{one}/model.py",
        "answer_1": [],
        "decoy_1": [third],
        "file_2": f"{source}/{one}/service.py",
        "answer_2": [fifth],
        "decoy_2": [third],
        "decoy_2_old": [first],
        "file_3": f"{source}/{two}/store.py",
        "answer_3": sorted([second, fourth]),
        "decoy_3": [second],
        "file_4": "docs/guide/first-day.md",
        "answer_4": [first],
        "decoy_4": [fifth],
        "file_5": f"seeds/{one}.sql",
        "answer_5": sorted([first, fourth]),
        "decoy_5": [fourth],
        "decoy_5_old": [third],
        "file_6": "config/quotas.toml",
        "answer_6": [second],
        "decoy_6": [fifth],
        "file_7": f"{source}/{three}/notes.md",
        "answer_7": [second],
        "decoy_7": [first],
        **reviewers(teams, cast.teams),
        "answer_jobs": ["database/rows", "image/build", "python/lint", "python/test"],
        "decoy_jobs_docs": ["database/rows", "docs/links", "image/build", "python/lint", "python/test"],
        "decoy_jobs_branch": ["database/rows", "image/build", "python/lint", "python/test", "quotas/bounds"],
    }


def reviewers(teams: dict[str, list[str]], names: tuple[str, ...]) -> dict[str, int | str | list[str] | None]:
    """The first team gives its first person, the others their second; the third one owns nothing of it."""
    first, second, third, fourth, fifth = names
    asked = {teams[first][0], teams[second][1], teams[fourth][1], teams[fifth][1]}
    return {
        "answer_reviewers": sorted(asked),
        "decoy_reviewers_third": sorted({*asked, teams[third][0]}),
        "decoy_reviewers_away": sorted({teams[name][0] for name in names if name != third}),
        "decoy_reviewers_old": sorted({teams[first][0], teams[third][0], teams[fifth][0]}),
        "decoy_reviewers_author": sorted({*asked - {teams[fourth][1]}, teams[fourth][0]}),
    }
