"""What a generated repository says about itself is true of its text: its code is run, its files are read again.

Not here: what the scenarios ask about it (their own solutions prove that).
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
import traceback
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml

from scenarios.repositories import ASPECTS, Question, Repository, repository
from tests.support.repository_text import CallGraph, importable, modules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = 60
SEEDS = range(12)
PUBLISHED = {
    "callers": "28ff6303d1ec683f",
    "events": "728330aecb3583f0",
    "failures": "a39255f865753be5",
    "imports": "b5d9b8d4d4b5a58f",
    "migrations": "1b336a1287217613",
    "releases": "378f8abda5d5cbaa",
    "review": "f0fc90e032c06788",
    "routes": "4898393758128736",
    "settings": "f9058d6c77cdcc12",
}
EVERY_SEED = pytest.mark.parametrize("seed", SEEDS)
EVERY_QUESTION = pytest.mark.parametrize("question", get_args(Question))


def package_of(made: Repository) -> str:
    return next(path.split("/")[1] for path in made.files if path.startswith("src/"))


def noun_modules(made: Repository, stem: str) -> list[str]:
    return [path for path in made.files if path.endswith(f"/{stem}.py")]


def read_path(made: Repository) -> Any:
    """Stands for Path.read_text within the repository, whose modules think that they lie in /srv/src."""
    return lambda path, **_: made.files[path.relative_to("/srv").as_posix()]


@contextmanager
def running(made: Repository, monkeypatch: pytest.MonkeyPatch, absent: str = "") -> Iterator[None]:
    monkeypatch.setattr(Path, "read_text", read_path(made))
    with importable(modules_of(made.files), absent):
        yield


def test_the_questions_are_those_that_a_scenario_may_name() -> None:
    assert set(get_args(Question)) == set(ASPECTS)


@EVERY_QUESTION
def test_a_repository_is_the_same_for_the_same_seed_and_another_for_another(question: Question) -> None:
    listings = {repository(question, FILES, seed).listing for seed in SEEDS}
    assert len(listings) == len(SEEDS)
    repository.cache_clear()
    assert repository(question, FILES, 3).listing in listings


@EVERY_QUESTION
def test_a_published_repository_has_not_changed(question: Question) -> None:
    """Whoever changes one gives the scenarios that ask about it a new version, and this table the new digest."""
    digest = sha256()
    for seed in SEEDS:
        digest.update(json.dumps(repository(question, FILES, seed).values, sort_keys=True).encode())
    assert digest.hexdigest()[:16] == PUBLISHED[question]


@EVERY_QUESTION
@EVERY_SEED
def test_a_repository_is_small_and_well_formed(question: Question, seed: int) -> None:
    made = repository(question, FILES, seed)
    assert len(made.files) == FILES
    assert 9_000 <= len(made.listing) // 4 <= 20_000
    assert made.listing.isascii()
    assert "{{" not in made.listing
    assert list(made.files) == sorted(made.files)
    for path, text in made.files.items():
        if path.endswith(".py"):
            ast.parse(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith((".yaml", ".yml")):
            yaml.safe_load(text)


@EVERY_QUESTION
def test_no_aspect_writes_over_a_file_of_another(question: Question) -> None:
    """Whatever keeps company, the files of the question are those that its facts are about."""
    for seed in SEEDS:
        alone = repository(question, 1, seed)
        among = repository(question, FILES, seed)
        assert alone.files.items() <= among.files.items()
        assert alone.parts == among.parts


@EVERY_QUESTION
@EVERY_SEED
def test_every_module_can_be_imported_and_its_imports_exist(question: Question, seed: int) -> None:
    made = repository(question, FILES, seed)
    modules = modules_of(made.files)
    libraries = {name for text in modules.values() for name in re.findall(r"^    ?import (\w+)$", text, re.MULTILINE)}
    libraries |= {name for text in modules.values() for name in re.findall(r"^import (\w+)$", text, re.MULTILINE)}
    stubs = dict.fromkeys(libraries - set(sys.stdlib_module_names), "")
    with importable(modules | stubs):
        for name in modules:
            import_module(name.removesuffix(".__init__"))


@pytest.mark.parametrize("seed", range(5))
def test_the_tests_of_a_repository_pass(seed: int) -> None:
    made = repository("settings", FILES, seed)
    tests = {path: text for path, text in made.files.items() if path.startswith("tests/")}
    assert tests
    with importable(modules_of(made.files)):
        for path, text in tests.items():
            space: dict[str, Any] = {"__name__": path}
            exec(compile(text, path, "exec"), space)
            for name in [name for name in space if name.startswith("test_")]:
                needed = space[name].__code__.co_varnames[: space[name].__code__.co_argcount]
                space[name](*(getattr(space[item], "__wrapped__", space[item])() for item in needed))


def variables_of(made: Repository, service: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in service.get("env_file", ()):
        found |= dict(line.split("=", 1) for line in made.files[f"deploy/{name}"].splitlines())
    return found | service.get("environment", {})


def deciding_file(made: Repository, layers: list[str], service: dict[str, Any], key: str, old_names: Any) -> str:
    variable = f"{package_of(made)}_{key.replace('.', '__')}".upper()
    if variable in service.get("environment", {}):
        return "deploy/compose.production.yaml"
    for name in reversed(service["env_file"]):
        if re.search(rf"^{variable}=", made.files[f"deploy/{name}"], re.MULTILINE):
            return f"deploy/{name}"
    for layer in reversed(layers):
        tables = tomllib.loads(made.files[f"config/{layer}"])
        names = {f"{section}.{name}" for section, table in tables.items() for name in table}
        if key in {old_names.get(name, name) for name in names}:
            return f"config/{layer}"
    raise AssertionError(key)


@EVERY_SEED
def test_settings_are_what_the_repository_loads(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository("settings", FILES, seed)
    parts, package = made.parts, package_of(made)
    service = yaml.safe_load(made.files["deploy/compose.production.yaml"])["services"][parts["service"]]
    words = service["command"].split()
    environment, region = words[words.index("--environment") + 1], words[words.index("--region") + 1]
    with running(made, monkeypatch):
        module = import_module(f"{package}.settings")
        loaded = module.load(environment, region, variables_of(made, service))
        layers = list(module.layers(environment, region))
        assert str(parts["wait_function"]).endswith(".py")
        client = str(parts["wait_function"]).removeprefix("src/").removesuffix(".py").replace("/", ".")
        assert import_module(client).wait_s(loaded) == parts["answer_wait"]
        old_names = module.RENAMED
    for number in range(1, 8):
        key = str(parts[f"key_{number}"])
        assert loaded[key] == parts[f"answer_{number}"]
        assert deciding_file(made, layers, service, key, old_names) == parts[f"file_{number}"]
        decoys = {value for name, value in parts.items() if name.startswith(f"decoy_{number}_")}
        assert parts[f"answer_{number}"] not in decoys


@EVERY_SEED
def test_callers_are_those_that_the_syntax_shows(seed: int) -> None:
    made = repository("callers", FILES, seed)
    parts, package = made.parts, package_of(made)
    graph = CallGraph(modules_of(made.files))
    target, other = str(parts["target"]), str(parts["other"])
    assert graph.callers_of(target) == parts["answer_callers"]
    assert sum(called.count(target) for called in graph.calls.values()) == parts["answer_call_sites"]
    assert graph.callers_of(other) == parts["answer_others"]
    with importable(modules_of(made.files)):
        charges = import_module(f"{package}.charges")
        real = getattr(import_module(f"{package}.charges.rules"), str(parts["target_name"]))
        assert sorted(name for name in charges.__all__ if getattr(charges, name) is real) == parts["answer_names"]
        folder = str(parts["schedule"]).removeprefix("src/").removesuffix("/__init__.py").replace("/", ".")
        schedule = {name: run.__module__ for name, (run, _) in import_module(folder).SCHEDULE.items()}
    reaching = sorted(name for name, module in schedule.items() if any(graph.paths(f"{module}:run", target)))
    assert reaching == parts["answer_jobs"]
    assert sorted(schedule.keys() - set(reaching)) == parts["answer_untouched_jobs"]
    assert list(graph.paths(f"{schedule[str(parts['job'])]}:run", target)) == [parts["answer_chain"]]
    assert list(graph.paths(f"{schedule[str(parts['job_waive'])]}:run", target)) == [parts["answer_chain_waive"]]
    uncalled = [name for name in parts["answer_callers"] if not graph.callers_of(name)]  # type: ignore[union-attr]
    assert uncalled == [parts["answer_unused"]]


def processes_of(made: Repository) -> dict[str, str]:
    return dict(re.findall(r"^(\w+): python -m (\S+)$", made.files["Procfile"], re.MULTILINE))


def start(made: Repository, module: str) -> list[str] | None:
    """The modules on the way to the library that is missing, None when the process comes up without it."""
    modules = modules_of(made.files)
    with importable(modules, str(made.parts["library"])):
        try:
            import_module(module)
        except ImportError as error:
            frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
            return [frame for frame in frames if frame in modules or f"{frame}.__init__" in modules]
    return None


def later(made: Repository, module: str) -> list[str] | None:
    """The same for the function that a running process calls, with whatever it may be asked for."""
    modules = modules_of(made.files)
    with importable(modules, str(made.parts["library"])):
        process = import_module(module)
        kinds = [{}] if not hasattr(process, "PRINTERS") else [{"way": way} for way in process.PRINTERS]
        for kind in kinds:
            try:
                call_main(process, kind)
            except ImportError as error:
                return [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    return None


def call_main(process: Any, kind: dict[str, str]) -> None:
    def nothing(*_: Any, **__: Any) -> list[Any]:
        return []

    count = process.main.__code__.co_argcount - len(process.main.__defaults__ or ())
    process.main(*[nothing] * count, **kind)


@EVERY_SEED
def test_processes_come_up_as_the_facts_say(seed: int) -> None:
    made = repository("imports", FILES, seed)
    parts, processes = made.parts, processes_of(made)
    ways = {name: start(made, module) for name, module in processes.items()}
    assert sorted(name for name, way in ways.items() if way) == parts["answer_down"]
    assert ways[str(parts["process"])] == parts["answer_chain"]
    assert ways[str(parts["filing"])] == parts["answer_filing_chain"]
    assert {way[-1] for way in ways.values() if way} == {parts["answer_raises"]}
    afterwards = {name: later(made, processes[name]) for name, way in ways.items() if not way}
    assert sorted(name for name, way in afterwards.items() if way) == parts["answer_later"]
    assert sorted(name for name, way in afterwards.items() if not way) == parts["answer_safe"]
    pictures = afterwards[str(parts["pictures"])] or []
    assert [name for name in pictures if name in modules_of(made.files)][-1] == parts["answer_later_raises"]


@EVERY_SEED
def test_an_empty_package_mends_what_the_facts_say(seed: int) -> None:
    made = repository("imports", FILES, seed)
    emptied = Repository({**made.files, str(made.parts["names_file"]): ""}, made.parts)
    down = [name for name, module in processes_of(made).items() if start(emptied, module)]
    assert sorted(set(made.parts["answer_down"]) - set(down)) == made.parts["answer_mended"]  # type: ignore[arg-type]
    writers = [
        name
        for name, text in modules_of(made.files).items()
        if any(
            isinstance(node, ast.Import) and node.names[0].name == made.parts["library"]
            for node in ast.walk(ast.parse(text))
        )
    ]
    assert sorted(writers) == made.parts["answer_writers"]


class Tables:
    """A small reader of the statements that the migrations hold."""

    def __init__(self) -> None:
        self.columns: dict[str, dict[str, dict[str, Any]]] = {}
        self.indexes: dict[str, str] = {}
        self.last: dict[tuple[str, str], str] = {}

    def run(self, file: str, statement: str) -> None:
        if match := re.fullmatch(r"create table (\w+) \((.*)\)", statement, re.DOTALL):
            lines = [line.strip().rstrip(",") for line in match[2].strip().splitlines()]
            self.columns[match[1]] = dict(self.column(line) for line in lines)
        elif match := re.fullmatch(r"create index (\w+) on (\w+) \((\w+)\)", statement):
            assert match[3] in self.columns[match[2]]
            self.indexes[match[1]] = match[2]
        elif match := re.fullmatch(r"drop index (\w+)", statement):
            del self.indexes[match[1]]
        elif match := re.fullmatch(r"alter table (\w+) rename to (\w+)", statement):
            assert match[2] not in self.columns
            self.columns[match[2]] = self.columns.pop(match[1])
            self.indexes = {name: match[2] if at == match[1] else at for name, at in self.indexes.items()}
            self.last = {(match[2] if at == match[1] else at, name): by for (at, name), by in self.last.items()}
        elif match := re.fullmatch(r"alter table (\w+) (.*)", statement):
            self.alter(file, match[1], match[2])
        else:
            assert statement.startswith("update "), statement

    def alter(self, file: str, table: str, change: str) -> None:
        columns = self.columns[table]
        if match := re.fullmatch(r"rename column (\w+) to (\w+)", change):
            self.columns[table] = {match[2] if name == match[1] else name: row for name, row in columns.items()}
            self.last[table, match[2]] = file
        elif match := re.fullmatch(r"add column (.*)", change):
            name, row = self.column(match[1])
            assert name not in columns
            columns[name] = row
            self.last[table, name] = file
        elif match := re.fullmatch(r"drop column (\w+)", change):
            del columns[match[1]]
        else:
            match = re.fullmatch(r"alter column (\w+) (type|set default|drop default|set not null)(?: (.*))?", change)
            assert match, change
            value = {"drop default": None, "set not null": True}.get(match[2], match[3])
            columns[match[1]][match[2].removeprefix("set ").removeprefix("drop ")] = value
            self.last[table, match[1]] = file

    @staticmethod
    def column(line: str) -> tuple[str, dict[str, Any]]:
        name, rest = line.split(" ", 1)
        default = re.search(r" default (\S+)", rest)
        kind = re.split(r" not null| default| primary key", rest)[0]
        needed = "not null" in rest or "primary key" in rest
        return name, {"type": kind, "default": default[1] if default else None, "not null": needed}


def tables_in_production(made: Repository) -> Tables:
    state = tomllib.loads(made.files["deploy/schema.toml"])["production"]
    tables = Tables()
    for path in sorted(path for path in made.files if path.startswith("migrations/") and path.endswith(".sql")):
        file = path.removeprefix("migrations/")
        number = int(file[:4])
        if number > state["reached"] or number in state["skipped"]:
            continue
        up = made.files[path].split("-- down\n")[0]
        lines = [line for line in up.splitlines() if not line.startswith("--")]
        for statement in filter(None, (part.strip() for part in "\n".join(lines).split(";"))):
            tables.run(file, statement)
    return tables


@EVERY_SEED
def test_a_table_is_what_its_migrations_make_of_it(seed: int) -> None:
    made = repository("migrations", FILES, seed)
    parts, tables = made.parts, tables_in_production(made)
    table = str(parts["answer_table"])
    assert f"create table {parts['table']} " in made.files[f"migrations/{parts['first']}"]
    columns = tables.columns[table]
    assert list(columns) == parts["answer_columns"]
    amount, extra = str(parts["answer_amount"]), str(parts["extra"])
    assert columns[amount]["type"] == parts["answer_amount_type"]
    assert columns["state"]["default"] is parts["answer_state_default"] is None
    assert columns[extra]["type"] == parts["answer_extra_type"]
    assert [name for name, row in columns.items() if not row["not null"]] == parts["answer_nullable"]
    assert sorted(name for name, at in tables.indexes.items() if at == table) == parts["answer_indexes"]
    files = {"amount": amount, "state": "state", "extra": extra}
    for name, column in files.items():
        assert tables.last[table, column] == parts[f"answer_{name}_file"]


@EVERY_SEED
def test_requests_get_the_views_that_the_facts_name(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository("routes", FILES, seed)
    parts = made.parts
    table = noun_modules(made, "table")[0].removeprefix("src/").removesuffix(".py").replace("/", ".")
    again = {10: 3, 11: 5, 12: 2}
    with running(made, monkeypatch):
        routing, mounts = import_module(table.replace(".table", ".routing")), import_module(table).MOUNTS
        for number in range(1, 13):
            client = parts["other_client"] if number in again else parts["client"]
            method, path = str(parts[f"request_{again.get(number, number)}"]).split()
            view = routing.view_for(mounts, method, path, "production", client)
            assert (f"{view.__module__}:{view.__name__}" if view else None) == parts[f"answer_{number}"], number
            decoys = [part for name, part in parts.items() if re.fullmatch(rf"decoy_{number}(_\w+)?", name)]
            assert parts[f"answer_{number}"] not in decoys


class Sender:
    """Answers what it is told to, or raises it, and counts."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.calls = 0

    def __call__(self, _path: str) -> str:
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@EVERY_SEED
def test_failures_end_as_the_facts_say(seed: int) -> None:
    made = repository("failures", FILES, seed)
    parts, package = made.parts, package_of(made)
    with importable(modules_of(made.files)):
        answer = import_module(f"{package}.actions.answers").answer
        actions = {
            name: function
            for path in made.files
            if path.startswith(f"{parts['actions']}/")
            for name, function in vars(import_module(path[4:-3].replace("/", ".").removesuffix(".__init__"))).items()
        }

        def act(verb: str, noun: str, *arguments: Any) -> tuple[int, str | None]:
            result: tuple[int, str | None] = answer(actions[f"{verb}_{parts[noun]}"], *arguments)
            return result

        count, amount, late = str(parts["count1"]), str(parts["amount2"]), Sender(TimeoutError())
        found = {
            1: act("show", "one1", {"A": {"version": 1, "removed": True}}, "A"),
            2: act("change", "one1", {"A": {"version": 5}}, "A", 4, {count: 1}),
            3: act("change", "one1", {"A": {"version": 5}}, "A", 5, {}),
            4: act("change", "one1", {"A": {"version": 5}}, "A", 5, {count: "many"}),
            5: act("forget", "one1", {"A": {"version": 1, "removed": True}}, "A"),
            6: act("price_of", "one2", late, "A"),
            7: act("confirm", "one2", late, "A"),
            8: act("price_of", "one2", Sender(ConnectionResetError()), "A"),
            9: act("book", "one2", {"x": int(str(parts["most"]))}, "x", 1),
            10: act("confirm", "one2", Sender("we are closed"), "A"),
            11: act("price_of", "one2", Sender("weight=5"), "A"),
            12: act("book", "one2", {}, "x", 1),
        }
        assert f"{amount}" != "weight"
    assert late.calls == 2 * int(str(parts["answer_sends"]))
    for number, (status, error) in found.items():
        assert (status, error) == (parts[f"status_{number}"], parts[f"error_{number}"]), number


@EVERY_SEED
def test_events_are_heard_as_the_facts_say(seed: int) -> None:
    made = repository("events", FILES, seed)
    parts, package = made.parts, package_of(made)
    heard: list[tuple[str, str]] = []
    with importable(modules_of(made.files)):
        bus = import_module(f"{package}.bus")
        import_module(f"{package}.wiring").wire()

        def noted(call: Any) -> Any:
            def wrapper(details: dict[str, Any]) -> Any:
                heard.append((bus.WAITING[0][0], call.__name__))
                return call(details)

            return wrapper

        subscribed = [item.call.__name__ for item in bus.SUBSCRIPTIONS]
        bus.SUBSCRIPTIONS[:] = [bus.Subscription(i.pattern, i.rank, noted(i.call)) for i in bus.SUBSCRIPTIONS]
        module, name = str(parts["start"]).split(":")
        getattr(import_module(module), name)("A-1")
        assert len(import_module(f"{package}.ledger").LINES) == parts["answer_lines"]
    assert list(dict.fromkeys(event for event, _ in heard)) == parts["answer_events"]
    for kind in ("closed", "settled", "counted", "released"):
        calls = [name for event, name in heard if event == parts[f"event_{kind}"]]
        assert calls == parts[f"answer_{kind}"]
    assert len(heard) == parts["answer_calls"]
    assert sorted(set(subscribed) - {name for _, name in heard}) == parts["answer_silent"]
    assert parts["stopper"] not in subscribed


def sections_of(changelog: str) -> list[tuple[str, bool, date, list[str]]]:
    """Version, whether it was yanked, day and lines of each release, oldest first."""
    form = r"^## (\S+)( \[yanked\])? - (\S+)\n\n((?:- .*\n?)+)"
    found = re.findall(form, changelog, re.MULTILINE)
    return [(version, bool(mark), date.fromisoformat(day), lines.splitlines()) for version, mark, day, lines in found][
        ::-1
    ]


def line_of(version: str) -> str:
    return ".".join(version.split(".")[:2])


def releases_holding(sections: list[tuple[str, bool, date, list[str]]], ticket: str) -> list[str]:
    trunk, lines, holding = False, {}, []
    for version, _, _, entries in sections:
        is_trunk = version.split("-")[0].endswith(".0")
        state = trunk if is_trunk else lines[line_of(version)]
        for entry in entries:
            if re.match(rf"- (Reverted|Took back) {ticket}\b", entry):
                state = False
            elif re.match(rf"- (Picked )?{ticket}\b", entry):
                state = True
        trunk = state if is_trunk else trunk
        lines[line_of(version)] = state
        holding += [version] if state and "-" not in version else []
    return holding


def number_of(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def fits(version: str, pin: str) -> bool:
    if pin == "latest":
        return True
    if pin.endswith(".*"):
        return line_of(version) == pin[:-2]
    lower, upper = re.fullmatch(r">=(\S+), <(\S+)", pin).groups()  # type: ignore[union-attr]
    return number_of(lower) <= number_of(version) < number_of(upper)


def version_of(sections: list[tuple[str, bool, date, list[str]]], pin: str, day: date) -> str:
    if pin[0].isdigit() and not pin.endswith("*"):
        return pin
    out = [version for version, yanked, when, _ in sections if when <= day and not yanked and "-" not in version]
    return max((version for version in out if fits(version, pin)), key=number_of)


@EVERY_SEED
def test_services_run_the_releases_that_the_facts_name(seed: int) -> None:
    made = repository("releases", FILES, seed)
    parts, sections = made.parts, sections_of(made.files["CHANGELOG.md"])
    assert len(sections) == made.files["CHANGELOG.md"].count("\n## ")
    assert [section[2] for section in sections] == sorted({section[2] for section in sections})
    holding = releases_holding(sections, str(parts["ticket"]))
    assert sorted(holding, key=number_of) == parts["answer_holding"]
    pins = tomllib.loads(made.files["deploy/pins.toml"])
    assert {parts[f"service_{number}"] for number in range(1, 8)} == set(pins)
    for number in range(1, 8):
        pin = pins[str(parts[f"service_{number}"])]
        version = version_of(sections, pin["pin"], pin["rolled_out"])
        assert version == parts[f"version_{number}"]
        assert (version in holding) == parts[f"fixed_{number}"]
        decoys = {part for name, part in parts.items() if name.startswith(f"decoy_version_{number}_")}
        assert version not in decoys


def as_expression(pattern: str) -> str:
    """A pattern of paths, anchored or not, as a regular expression of whole paths."""
    body = re.escape(pattern.strip("/")).replace(r"\*\*", "\0").replace(r"\*", "[^/]*").replace("\0", ".*")
    anchored = "/" in pattern.rstrip("/")
    return ("" if anchored else "(.*/)?") + body + (".*" if pattern.endswith("/") else "")


def owners_of(owners: str, path: str) -> list[str]:
    """The last line that fits. `docs/*` reaches no deeper folder, a folder everything below it."""
    found: list[str] = []
    for line in owners.splitlines():
        pattern, *teams = line.split()
        if pattern != "#" and re.fullmatch(as_expression(pattern), path):
            found = [team.rpartition("/")[2] for team in teams]
    return sorted(found)


def runs_for(trigger: dict[str, Any] | None, paths: list[str], base: str) -> bool:
    if trigger is None or base not in trigger.get("branches", [base]):
        return False

    def included(path: str, patterns: list[str]) -> bool:
        state = False
        for pattern in patterns:
            if re.fullmatch(as_expression(f"/{pattern.removeprefix('!')}"), path):
                state = not pattern.startswith("!")
        return state

    if "paths-ignore" in trigger:
        return any(not included(path, trigger["paths-ignore"]) for path in paths)
    return any(included(path, trigger["paths"]) for path in paths)


def job_runs(condition: str | None, base: str) -> bool:
    return condition is None or (condition.startswith("github.base_ref == ") and base in condition)


@EVERY_SEED
def test_a_change_is_seen_by_whom_and_what_the_facts_say(seed: int) -> None:
    made = repository("review", FILES, seed)
    parts, base = made.parts, str(made.parts["branch"])
    paths = [str(parts[f"file_{number}"]) for number in range(1, 8)]
    assert set(paths) <= set(made.files)
    owners = {path: owners_of(made.files[".github/CODEOWNERS"], path) for path in paths}
    assert [owners[path] for path in paths] == [parts[f"answer_{number}"] for number in range(1, 8)]
    teams = tomllib.loads(made.files["docs/teams.toml"])
    out = {*teams["away"], parts["author"]}
    asked = {
        next(person for person in teams["teams"][team] if person not in out)
        for team in chain.from_iterable(owners.values())
    }
    assert sorted(asked) == parts["answer_reviewers"]
    jobs = []
    for path, text in made.files.items():
        if path.startswith(".github/workflows/"):
            workflow = yaml.safe_load(text)
            if runs_for(workflow[True].get("pull_request"), paths, base):
                jobs += [
                    f"{workflow['name']}/{name}"
                    for name, job in workflow["jobs"].items()
                    if job_runs(job.get("if"), base)
                ]
    assert sorted(jobs) == parts["answer_jobs"]
