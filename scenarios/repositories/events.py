"""Events and who hears of them: ranks, patterns, one that stops the others, two names of one topic, modules not loaded.

Not here: the bus; the repository's own bus.py says how it delivers, and the tests run that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast

MODULES: Final = {"r1": "reactions", "r2": "echoes", "r3": "listeners", "r4": "follow_ups", "shutting": "shutting"}
TOPICS: Final = {
    "CLOSED": ["closed", "ended", "shut"],
    "SETTLED": ["settled", "squared", "balanced"],
    "RELEASED": ["released", "freed", "unlocked"],
    "COUNTED": ["counted", "tallied", "summed"],
    "DROPPED": ["dropped", "abandoned", "cancelled"],
}
SECOND_NAMES: Final = ["FINISHED", "COMPLETED", "WOUND_UP"]


@dataclass(frozen=True)
class Heard:
    """The functions that hear of each event of the chain, by the name of the event, in order."""

    closed: list[str]
    settled: list[str]
    counted: list[str]
    released: list[str]


def told(cast: Cast, rng: Random) -> Aspect:
    topics = topics_of(cast, rng)
    names = dict(zip(MODULES, rng.sample(sorted(MODULES.values()), len(MODULES)), strict=True))
    wired = wired_order(cast, names, rng)
    words = cast.words | names | {name: value[0] for name, value in topics.items()} | ranks(rng)
    words |= {"topics": topic_lines(topics, rng), "wired": wired_lines(cast, names, wired, rng)}
    return Aspect(filled("events", words), dict(facts(cast, names, topics, wired)))


def topics_of(cast: Cast, rng: Random) -> dict[str, tuple[str, str]]:
    """The constant and the event of each topic; FINISHED is another constant for the event of CLOSED."""
    one, two = cast.areas[0].one, cast.areas[1].one
    subjects = {"CLOSED": one, "SETTLED": one, "RELEASED": two, "COUNTED": two, "DROPPED": one}
    verbs = {kind: rng.choice(choices) for kind, choices in TOPICS.items()} | {"SETTLED": "settled"}
    topics = {
        kind: (f"{subject}_{verbs[kind]}".upper(), f"{subject}.{verbs[kind]}") for kind, subject in subjects.items()
    }
    return topics | {"FINISHED": (f"{one.upper()}_{rng.choice(SECOND_NAMES)}", topics["CLOSED"][1])}


def topic_lines(topics: dict[str, tuple[str, str]], rng: Random) -> str:
    lines = [f'{constant} = "{event}"' for constant, event in topics.values()]
    rng.shuffle(lines)
    return "\n".join(lines)


def ranks(rng: Random) -> dict[str, str]:
    bounds = {"early": (5, 20), "middle": (30, 45), "late": (60, 80), "last": (90, 99)}
    return {name: str(rng.randint(*bound)) for name, bound in bounds.items()}


def wired_order(cast: Cast, names: dict[str, str], rng: Random) -> list[str]:
    """The modules in a random order, but what settles before what counts."""
    first, second, third = (
        f"{noun.many}.{names[key]}" for noun, key in zip(cast.areas, names, strict=False) if key != "r4"
    )
    order = [first, third, "ledger", "mailing"]
    rng.shuffle(order)
    order.insert(rng.randint(order.index(first) + 1, len(order)), second)
    return order


def wired_lines(cast: Cast, names: dict[str, str], wired: list[str], rng: Random) -> str:
    lines = [f'    "{name}",' for name in wired]
    lines.insert(rng.randint(0, len(lines)), f'    # "{cast.areas[3].many}.{names["r4"]}",  # moved out')
    return "\n".join(lines)


def facts(
    cast: Cast, names: dict[str, str], topics: dict[str, tuple[str, str]], wired: list[str]
) -> dict[str, int | str | list[str]]:
    one, two, three, four = (noun.one for noun in cast.areas)
    module_of = {"settle": f"{cast.areas[0].many}.{names['r1']}", "count": f"{cast.areas[1].many}.{names['r2']}"}
    usual = {f"settle_{one}": module_of["settle"], f"count_{two}": module_of["count"], "mail_owner": "mailing"}
    in_order = sorted(usual, key=lambda name: wired.index(usual[name]))
    heard = Heard(
        closed=[f"freeze_{one}", *in_order, f"note_{one}", "write_line"],
        settled=[f"announce_{three}", f"release_{two}"],
        counted=[f"watch_{three}", "mail_count", "write_line"],
        released=[f"watch_{three}", f"free_{three}", "write_line"],
    )
    events = {kind: event for kind, (_, event) in topics.items()}
    return {
        "start": f"{cast.package}.{cast.areas[0].many}.{names['shutting']}:shut_{one}",
        "one": one,
        "two": two,
        "stopper": f"stop_{four}",
        "wiring": f"src/{cast.package}/wiring.py",
        **chain_facts(events, heard),
        **reading_facts(heard, cast),
        "answer_silent": sorted([f"drop_{two}", f"file_{three}", "write_sum"]),
        "decoy_silent_stop": sorted([f"drop_{two}", f"file_{three}"]),
        "decoy_silent_unwired": sorted([f"drop_{two}", f"file_{three}", "write_sum", f"stop_{four}", f"bill_{four}"]),
        "decoy_silent_alias": sorted([f"drop_{two}", f"file_{three}", "write_sum", f"count_{two}", "mail_count"]),
        "decoy_silent_shadow": sorted([f"drop_{two}", "write_sum"]),
    }


def chain_facts(events: dict[str, str], heard: Heard) -> dict[str, int | str | list[str]]:
    order = [events[kind] for kind in ("CLOSED", "SETTLED", "COUNTED", "RELEASED")]
    return {
        "answer_events": order,
        "decoy_events_deep": [order[0], order[1], order[3], order[2]],
        "decoy_events_alias": [order[0], order[1], order[3]],
        "decoy_events_stopped": order[:1],
        "event_closed": order[0],
        "event_settled": order[1],
        "event_counted": order[2],
        "event_released": order[3],
        "answer_closed": heard.closed,
        "answer_settled": heard.settled,
        "answer_counted": heard.counted,
        "answer_released": heard.released,
        "answer_stops": heard.settled[-1],
        "answer_lines": 3,
        "decoy_lines_stop": 5,
        "decoy_lines_alias": 2,
        "decoy_lines_exact": 0,
        **call_counts(heard),
    }


def call_counts(heard: Heard) -> dict[str, int | str | list[str]]:
    """How many functions run; without STOP three more, without the second name of a topic four less, and so on."""
    count = sum(len(calls) for calls in vars(heard).values())
    return {
        "answer_calls": count,
        "decoy_calls_stop": count + 3,
        "decoy_calls_alias": count - 4,
        "decoy_calls_shadow": count + 1,
        "decoy_calls_exact": count - 8,
    }


def reading_facts(heard: Heard, cast: Cast) -> dict[str, int | str | list[str]]:
    """What comes out when a rule of the bus is overlooked."""
    one, two, three, four = (noun.one for noun in cast.areas)
    without_alias = [name for name in heard.closed if name != f"count_{two}"]
    unranked = sorted(heard.closed, key=lambda name: (name == "write_line", name))
    return {
        "decoy_closed_alias": without_alias,
        "decoy_closed_unranked": unranked if unranked != heard.closed else unranked[::-1],
        "decoy_closed_stopped": [f"stop_{four}"],
        "decoy_settled_on": [*heard.settled, f"note_{one}", "write_line", "write_sum"],
        "decoy_settled_shadow": [f"announce_{three}", f"file_{three}", f"release_{two}"],
        "decoy_settled_exact": [f"release_{two}"],
        "decoy_counted_exact": ["mail_count", "write_line"],
        "decoy_released_exact": [f"free_{three}", "write_line"],
        "decoy_released_unwired": [f"bill_{four}", *heard.released],
        "decoy_closed_exact": [name for name in heard.closed if name not in {f"note_{one}", "write_line"}],
    }
