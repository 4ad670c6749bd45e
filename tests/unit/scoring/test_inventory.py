"""The frozen inventories, what their entries mean, and which names of code are called invented.

Not here: checks of whole answers (integration), nor the packages that are installed: a frozen file does not ask them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from orchestration.scoring.inventory import Missing, fault_of, inventory_of, with_modules
from orchestration.scoring.inventory_entries import entry_of, line_of
from orchestration.scoring.inventory_text import entries_of
from orchestration.scoring.python_structure import describe
from orchestration.scoring.signatures import misfit
from orchestration.scoring.structure import Use
from scenarios.schema import INVENTORIES

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.scoring.inventory import Inventory

FILES = sorted(INVENTORIES.glob("*.json"))
EVERY = ("python", "httpx", "pydantic", "polars", "fastapi", "click")
WELL_KNOWN = {
    "python": ["builtins.str.split", "pathlib.Path.read_text", "datetime.datetime.now", "sqlite3.Row", "tabnanny"],
    "httpx": ["httpx.Client.get", "httpx.Response.status_code", "httpx.HTTPStatusError.response"],
    "pydantic": ["pydantic.BaseModel.model_validate", "pydantic.field_validator", "pydantic.TypeAdapter"],
    "polars": ["polars.DataFrame.group_by", "polars.Expr.str", "polars.read_csv", "polars.LazyFrame.collect"],
    "fastapi": ["fastapi.FastAPI.get", "fastapi.Depends", "fastapi.testclient.TestClient"],
    "click": ["click.option", "click.Context.obj", "click.testing.CliRunner.invoke"],
}
GONE = ["polars.DataFrame.groupby", "httpx.Client.fetch", "pydantic.BaseModel.from_json", "json.parse"]
SDK = """
from dataclasses import dataclass
from typing import Self
@dataclass(frozen=True)
class Parcel:
    code: str
    weight: int = 0
class Depot:
    def __init__(self, site, *, transport=None):
        self.site = site
    def __enter__(self) -> Self: ...
    def find(self, code: str) -> Parcel | None: ...
    @property
    def parcels(self) -> "list[Parcel]": ...
    @classmethod
    def nearest(cls, place) -> "Depot": ...
    def _hidden(self): ...
def connect(url: str, /, retries: int = 3) -> Depot: ...
"""


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_has_one_sorted_name_a_line_and_says_what_it_was_made_of(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = json.loads(text)
    names = found["names"]
    assert (found["package"], list(names)) == (file.stem, sorted(names))
    assert found["version"][0].isdigit()
    assert text.count("\n") == len(names) + 5
    assert all(line_of(entry_of(line)) == line for line in names.values())
    assert len(text) < 450_000


def test_all_files_together_stay_small() -> None:
    assert {file.stem for file in FILES} == set(EVERY)
    assert sum(file.stat().st_size for file in FILES) < 1_500_000


@pytest.mark.parametrize("package", EVERY)
def test_well_known_names_are_there(package: str) -> None:
    inventory = inventory_of((package,))
    assert [name for name in WELL_KNOWN[package] if inventory.entry(name) is None] == []
    assert [name for name in GONE if inventory.entry(name)] == []


def test_no_entry_leads_to_nowhere() -> None:
    """An alias or a base whose inventory is not there would make everything below it unknown."""
    inventory = inventory_of(EVERY)
    aliases = {name: entry.gives for name, entry in inventory.names.items() if entry.kind == "alias"}
    assert [name for name in aliases if inventory.entry(name) is None] == []


@pytest.mark.parametrize(
    ("signature", "positional", "keywords", "fault"),
    [
        ("a, b=", 1, (), None),
        ("a, b=", 0, (), "an argument is missing"),
        ("a, b=", 0, ("**",), None),
        ("a, b=", -1, (), None),
        ("a, b=", 3, (), "3 positional arguments"),
        ("a, b=", 1, ("c",), "no argument c"),
        ("a, b=", 1, ("a",), "the argument a twice"),
        ("a, b=, **rest", 1, ("c",), None),
        ("*items, key=", 5, ("key",), None),
        ("a, *, key", 1, (), "an argument is missing"),
        ("a, /, b=", 0, ("a",), "no argument a"),
        ("", 1, (), "1 positional arguments"),
        ("a | a, b, *, c=", 2, ("c",), None),
        ("a | a, b, *, c=", 1, ("c",), "no argument c"),
    ],
)
def test_a_call_fits_one_of_the_forms(
    signature: str, positional: int, keywords: tuple[str, ...], fault: str | None
) -> None:
    assert misfit(signature, positional, keywords) == fault


def test_a_module_is_read_from_its_text() -> None:
    lines = {name: line_of(entry) for name, entry in entries_of("depots", SDK).items()}
    assert lines == {
        "depots": "module",
        "depots.dataclass": "alias dataclasses.dataclass",
        "depots.Self": "alias typing.Self",
        "depots.Parcel": "class(code, weight=)",
        "depots.Parcel.code": "object builtins.str",
        "depots.Parcel.weight": "object builtins.int",
        "depots.Depot": "class(site, *, transport=)",
        "depots.Depot.__enter__": "method() Self",
        "depots.Depot.find": "method(code) depots.Parcel",
        "depots.Depot.parcels": "property builtins.list",
        "depots.Depot.nearest": "function(place) depots.Depot",
        "depots.Depot.site": "object",
        "depots.connect": "function(url, /, retries=) depots.Depot",
    }


def faults(code: str, inventory: Inventory) -> list[str]:
    found = json.loads(describe(code))
    uses = [
        Use(name, line, count, None if words is None else tuple(words), is_sure)
        for name, line, count, words, is_sure in found["uses"]
    ]
    return sorted({fault for use in uses if (fault := fault_of(inventory, use, found["functions"].keys()))})


@pytest.mark.parametrize(
    ("code", "invented"),
    [
        ("from httpx import fetch", ["httpx.fetch"]),
        ("import requests\nrequests.get('x')", ["requests is not offered"]),
        ("import httpx\nhttpx.Client(proxies={})", ["httpx.Client: no argument proxies"]),
        ("import httpx\nhttpx.get('x').text()", ["httpx.Response.text: is not callable"]),
        ("import httpx\nwith httpx.Client() as c:\n    c.get('x').ok", ["httpx.Response.ok"]),
        ("import httpx\nwith httpx.stream('GET', 'x') as r:\n    r.lines()", ["httpx.Response.lines"]),
        (
            "import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        (await c.get('x')).code",
            ["httpx.Response.code"],
        ),
        ("from pathlib import Path\nPath('x').read_text().stripped()", ["builtins.str.stripped"]),
        (
            "from pathlib import Path\nPath.read_text(Path('x'), 'utf-8', None, None)",
            ["pathlib.Path.read_text: 3 positional arguments"],
        ),
        ("import sqlite3\ndef f(db: sqlite3.Connection):\n    db.fetchall()", ["sqlite3.Connection.fetchall"]),
        ("import polars as pl\npl.col('a').str.lower()", ["polars.expr.string.ExprStringNameSpace.lower"]),
        ("import polars as pl\npl.scan_csv('x').collect().groupby('a')", ["polars.DataFrame.groupby"]),
        ("sorted([], cmp=None)", ["builtins.sorted: no argument cmp"]),
        ("import json\njson.dumps()", ["json.dumps: an argument is missing"]),
        ("from . import secret\nsecret.x()", ["..secret is not offered", "..secret.x is not offered"]),
    ],
)
def test_what_does_not_exist_or_fit_is_found(code: str, invented: list[str]) -> None:
    assert faults(code, inventory_of(EVERY)) == invented


@pytest.mark.parametrize(
    "code",
    [
        "import tabnanny\ntabnanny.anything()",
        "def open(path, dir_fd): ...\nopen('x', dir_fd=1)",
        "import argparse\nargparse.ArgumentParser().parse_args().verbose",
        "x = str(1)\ntry:\n    x = int(x)\nexcept ValueError:\n    x = x.strip()",
        "import io\nif 1:\n    out = io.StringIO()\nelse:\n    out = io.BytesIO()\nout.getbuffer()",
        "import ast\ndef f(node: ast.AST):\n    if isinstance(node, ast.Call):\n        node.func\n        node.other",
        "import ast\ndef f(node: ast.expr):\n    return node.elts",
        "try:\n    from itertools import batched\nexcept ImportError:\n    batched = None\nbatched([], 2)",
        "import sys\nif sys.version_info >= (3, 12):\n    from typing import override",
        "from os import *\nopen('x', 0, dir_fd=1)",
        "import httpx\nclass Own(httpx.Client):\n    def more(self): ...\nOwn().more()",
        "import enum\nenum.Enum('Level', 'LOW HIGH', module='x')",
        "import asyncio\nasync def f():\n    (await asyncio.shield(f())).anything",
        "import re\nre.compile('a').match('b').group(1)",
        "import pydantic\npydantic.BaseModel().anything",
    ],
)
def test_nothing_is_called_invented_on_suspicion(code: str) -> None:
    assert faults(code, inventory_of(EVERY)) == []


@pytest.mark.parametrize(
    ("code", "invented"),
    [
        ("import depots\nwith depots.connect('x', retries=1) as depot:\n    depot.find('a').weight", []),
        ("import depots\ndepots.connect('x').get('a')", ["depots.Depot.get"]),
        ("from depots import connect\nconnect(url='x')", ["depots.connect: no argument url"]),
        ("from depots import Parcel\nParcel('a', 1, 2)", ["depots.Parcel: 3 positional arguments"]),
        ("from depots import Depot\nDepot.nearest('x').parcels.first()", ["builtins.list.first"]),
        ("import httpx", ["httpx is not offered"]),
    ],
)
def test_the_scenarios_own_modules_are_known_too(code: str, invented: list[str]) -> None:
    assert faults(code, with_modules(inventory_of(("python",)), {"depots": SDK})) == invented


def test_a_walk_ends_where_nothing_is_known() -> None:
    inventory = inventory_of(("python",))
    assert inventory.walk("json.loads().anything") is None
    assert inventory.walk("json.loadz().anything") is None, "what comes before the call is said by another use"
    assert inventory.walk("json.loadz") == Missing("json.loadz")
