"""Layers of settings: files, regions, old spellings, variables, and a bound in the code at the end.

Not here: how a layer is merged; the repository's own settings.py says it, and the tests run that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from scenarios.repositories.vocabulary import Cast

KEYS: Final = [
    "outbox.batch_size",
    "pool.connections",
    "retry.attempts",
    "search.page_size",
    "session.idle_minutes",
    "mail.per_minute",
    "cache.ttl_s",
    "queue.prefetch",
    "lock.lease_s",
    "audit.keep_days",
    "feed.poll_s",
    "upload.parts",
    "report.workers",
    "login.tries",
]
WORKERS: Final = (["worker", "courier", "mill"], ["smoke", "rehearsal", "probe"])
BASE, PRODUCTION, STAGING, LOCAL = (f"config/{name}.toml" for name in ("base", "production", "staging", "local"))
SHARED_ENV, PRODUCTION_ENV, EXAMPLE_ENV = "deploy/shared.env", "deploy/production.env", ".env.example"
COMPOSE: Final = "deploy/compose.production.yaml"


@dataclass
class Layers:
    """What each file sets, as it is written there; a line that starts with `#` sets nothing."""

    package: str
    values: Iterator[int]
    lines: dict[str, list[tuple[str, int]]]

    def put(self, key: str, *files: str) -> dict[str, int]:
        """Sets the key in the files, to another value in each."""
        given = {file: next(self.values) for file in files}
        for file, value in given.items():
            self.lines[file].append((key, value))
        return given

    def put_variable(self, key: str, *files: str, separator: str = "__") -> dict[str, int]:
        return self.put(f"{self.package}_{key.replace('.', separator)}".upper(), *files)


def told(cast: Cast, rng: Random) -> Aspect:
    keys = rng.sample(KEYS, 11)
    here, there = (f"config/regions/{region}.toml" for region in cast.regions[:2])
    layers = Layers(cast.package, iter(rng.sample(range(4, 60), 50)), defaultdict(list))
    parts: dict[str, int | str] = {f"key_{number}": key for number, key in enumerate(keys[:7], 1)}
    parts |= facts(layers, keys, here, there)
    add_company(layers, keys[7:], there)
    waits = {"set": rng.randint(80, 119), "bound": rng.randint(60, 79), "own": rng.randint(31, 59)}
    layers.lines[BASE].append((f"{cast.vendors[0]}.wait_s", 30))
    layers.lines[PRODUCTION].append((f"{cast.vendors[0]}.wait_s", waits["set"]))
    parts |= {"answer_wait": waits["own"], "decoy_wait_bound": waits["bound"], "decoy_wait_set": waits["set"]}
    worker, sitter = (rng.choice(names) for names in WORKERS)
    parts |= {"service": worker, "wait_function": f"src/{cast.package}/vendors/{cast.vendors[0]}.py"}
    words = words_of(cast, rng, keys, waits) | {"worker": worker, "sitter": sitter}
    return Aspect(files_of(layers, words, rng), dict(parts))


def facts(layers: Layers, keys: list[str], here: str, there: str) -> dict[str, int | str]:
    """One setting for each way to go wrong."""
    variable, region, renamed, spelling, service, order, elsewhere = keys[:7]
    one = layers.put(variable, BASE, here, PRODUCTION) | layers.put_variable(variable, PRODUCTION_ENV, EXAMPLE_ENV)
    layers.put_variable(variable, f"{COMPOSE} api")
    two = layers.put(region, BASE, PRODUCTION, here, there)
    three = layers.put(renamed, BASE, here, STAGING) | layers.put(old_name(renamed), PRODUCTION)
    four = layers.put(spelling, BASE, here, STAGING) | layers.put_variable(spelling, PRODUCTION_ENV, separator="_")
    layers.put(f"#{spelling}", PRODUCTION)
    five = layers.put(service, BASE, PRODUCTION) | layers.put_variable(service, PRODUCTION_ENV, f"{COMPOSE} worker")
    layers.put_variable(service, f"{COMPOSE} api")
    six = layers.put(order, BASE, STAGING) | layers.put_variable(order, SHARED_ENV, PRODUCTION_ENV)
    seven = layers.put(elsewhere, BASE, there, STAGING, LOCAL) | layers.put_variable(elsewhere, EXAMPLE_ENV)
    return {
        "answer_1": one[PRODUCTION_ENV],
        "file_1": PRODUCTION_ENV,
        "decoy_1_files": one[PRODUCTION],
        "answer_2": two[PRODUCTION],
        "file_2": PRODUCTION,
        "decoy_2_region": two[here],
        "answer_3": three[PRODUCTION],
        "file_3": PRODUCTION,
        "decoy_3_region": three[here],
        "answer_4": four[here],
        "file_4": here,
        "decoy_4_variable": four[PRODUCTION_ENV],
        "answer_5": five[f"{COMPOSE} worker"],
        "file_5": COMPOSE,
        "decoy_5_env": five[PRODUCTION_ENV],
        "decoy_5_files": five[PRODUCTION],
        "decoy_6_base": six[BASE],
        "answer_6": six[SHARED_ENV],
        "file_6": SHARED_ENV,
        "decoy_6_production": six[PRODUCTION_ENV],
        "answer_7": seven[BASE],
        "file_7": BASE,
        "decoy_7_region": seven[there],
        "decoy_7_example": seven[EXAMPLE_ENV],
    }


def add_company(layers: Layers, keys: list[str], there: str) -> None:
    """Settings that nobody asks about."""
    for number, key in enumerate(keys):
        layers.put(key, *(BASE, PRODUCTION, STAGING, there)[: number % 3 + 2])
    layers.put_variable(keys[0], f"{COMPOSE} worker", EXAMPLE_ENV)
    layers.put_variable(keys[1], SHARED_ENV)


def old_name(key: str) -> str:
    section, name = key.split(".")
    return f"{section}.{name.split('_')[0]}_count"


def words_of(cast: Cast, rng: Random, keys: list[str], waits: Mapping[str, int]) -> dict[str, object]:
    first, second = cast.vendors
    return cast.words | {
        "old_mark": old_name(keys[2]),
        "new_mark": keys[2],
        "old_other": old_name(keys[8]),
        "new_other": keys[8],
        "vendor": first,
        "Vendor": first.capitalize(),
        "vendor2": second,
        "Vendor2": second.capitalize(),
        "here": cast.regions[0],
        "there": cast.regions[1],
        "shared_bound": waits["bound"],
        "own_bound": waits["own"],
        "upload": rng.choice((16, 32, 64)),
        "rows": rng.choice((500, 1000, 2500)),
    }


def files_of(layers: Layers, words: dict[str, object], rng: Random) -> dict[str, str]:
    texts = {}
    for file, lines in layers.lines.items():
        rng.shuffle(lines)
        texts[file] = toml(lines) if file.endswith(".toml") else env(lines)
    for service in ("api", "worker"):
        lines = layers.lines[f"{COMPOSE} {service}"]
        words[f"{service}_environment"] = "\n".join(f'      {name}: "{value}"' for name, value in lines)
        del texts[f"{COMPOSE} {service}"]
    return filled("settings", words) | texts


def toml(lines: list[tuple[str, int]]) -> str:
    sections: dict[str, list[str]] = defaultdict(list)
    for name, value in lines:
        section, key = name.lstrip("#").split(".")
        sections[section].append(f"{'# ' if name.startswith('#') else ''}{key} = {value}")
    return "\n".join("\n".join([f"[{section}]", *keys, ""]) for section, keys in sections.items())


def env(lines: list[tuple[str, int]]) -> str:
    return "".join(f"{name}={value}\n" for name, value in lines)
