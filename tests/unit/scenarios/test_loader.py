"""What the loader takes and what it refuses, from folders on disk.

Not here: rendering (test_variants), nor the published catalogue (tests/contract/scenarios).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from scenarios.loader import CatalogueError, load_catalogue
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from pathlib import Path

    CatalogueFolder = Any

HERE = "core/sql/count-rows"
OTHER_CANARY = "aibaas-canary-00000000-0000-4000-8000-000000000002"


def test_a_valid_catalogue_is_loaded_with_its_suite(folder: CatalogueFolder) -> None:
    catalogue = folder.load()
    scenario = catalogue.scenarios["sql/count-rows"]
    assert (scenario.version, scenario.family, scenario.language) == (1, "sql", "sql")
    assert scenario.created.isoformat() == "2026-11-23"
    assert scenario.directory == folder.root / HERE
    assert catalogue.suites["canary"].scenario_ids == ("sql/count-rows",)
    assert catalogue.errors == ()


BROKEN = [
    # file that is edited, old text, new text, where and why it is refused
    ("scenario.yaml", "version: 1\n", "", "scenario.yaml:1: version: field required"),
    ("scenario.yaml", "version: 1", "version: '1'", "scenario.yaml:2: version: input should be a valid integer"),
    ("scenario.yaml", "version: 1", "version: 0", "scenario.yaml:2: version: input should be greater than or equal"),
    ("scenario.yaml", "title:", "titel:", "scenario.yaml:1: title: field required"),
    (
        "scenario.yaml",
        "version: 1",
        "version: 1\nauthor: me",
        "scenario.yaml:3: author: extra inputs are not permitted",
    ),
    (
        "scenario.yaml",
        "version: 1",
        "version: 1\nversion: 2",
        "scenario.yaml:3: version: duplicate key, first on line 2",
    ),
    ("scenario.yaml", "licence: MIT", "licence: GPL", "scenario.yaml:6: licence: input should be 'MIT'"),
    ("scenario.yaml", "family: sql", "family: sequel", "scenario.yaml:4: family: input should be 'code-generation'"),
    (
        "scenario.yaml",
        "family: sql",
        "family: security",
        "scenario.yaml:4: family: 'security' lies in the folder 'sql'",
    ),
    ("scenario.yaml", "2026-11-23", "2026-11-31", "scenario.yaml:7: created: input should be a valid date"),
    ("scenario.yaml", "aibaas-canary-0", "my-canary-0", "scenario.yaml:8: canary: string should match pattern"),
    (
        "scenario.yaml",
        "language: sql",
        "language: cobol",
        "scenario.yaml:10: answer.language: input should be 'python'",
    ),
    (
        "scenario.yaml",
        "language: sql",
        "language: python",
        "scenario.yaml:11: grader: a grader of kind sql can't grade",
    ),
    ("scenario.yaml", "language: sql", "language: sql, entry: f", "scenario.yaml:11: grader: the kind sql has no"),
    (
        "scenario.yaml",
        "[users, orders, visits]",
        "[]",
        "scenario.yaml:13: parameters.table: list should have at least 1",
    ),
    (
        "scenario.yaml",
        "[users, orders, visits]",
        "[users, 7]",
        "scenario.yaml:12: parameters: the values of table differ",
    ),
    ("scenario.yaml", "id: sql/count-rows", "id: sql/other", "scenario.yaml:1: id: 'sql/other' lies in the folder"),
    ("scenario.yaml", "id: sql/count-rows", "id: [", "scenario.yaml:3: (file): not YAML: "),
    ("scenario.yaml", "version: 1", "version: 1\n2: x", "scenario.yaml:3: (file): a key must be text: quote it"),
    ("scenario.yaml", "version: 1", "version: 1\n[a]: x", "scenario.yaml:3: (file): a key must be text: quote it"),
    ("scenario.yaml", "version: 1", "version: 1\n---\nx: 1", "scenario.yaml:3: (file): a second document"),
    ("scenario.yaml", "version: 1", "version: 1e999", "scenario.yaml:2: version: "),
    (
        "scenario.yaml",
        "[users, orders, visits]",
        "&a [users]\n  again: *a",
        "scenario.yaml:14: parameters.again: aliases",
    ),
    (
        "scenario.yaml",
        "title: Count the rows",
        "title: !!python/name:os.system",
        "scenario.yaml:3: title: the YAML tag",
    ),
    ("prompt.md", "{{table}}", "\n{{tabel}}", "prompt.md:2: {{tabel}}: no parameter 'tabel', there are: table, size"),
    ("prompt.md", "{{table}}", "{{size}}", "prompt.md:1: {{size}}: only a text or a number can stand inside a text"),
    (
        "prompt.md",
        "Count",
        "aibaas-canary-00000000-0000-4000-8000-000000000001",
        "prompt.md:1: canary: must not be sent",
    ),
    ("prompt.md", "Count the rows of {{table}} in one SQL query.", " ", "prompt.md:1: (file): empty"),
    ("tests/checks.yaml", "weight: 3", "weight: -1", "checks.yaml:3: [0].weight: input should be greater than or"),
    ("tests/checks.yaml", "weight: 3", "weight: .nan", "checks.yaml:3: [0].weight: input should be a valid number"),
    ("tests/checks.yaml", "name: none", "name: rows", "checks.yaml:8: [1].name: duplicate check 'rows'"),
    ("tests/checks.yaml", "# aibaas", "# abc", "checks.yaml:1: canary: a published file carries it"),
    ("tests/checks.yaml", "  ordered: false\n", "", "checks.yaml:8: [1].ordered: field required"),
    (
        "tests/checks.yaml",
        "size.count",
        "size.most",
        "checks.yaml:7: [0].expected.rows[0][0]: {{size.most}}: the parameter",
    ),
    (
        "tests/checks.yaml",
        "setup: rows.sql",
        "setup: none.sql",
        "checks.yaml:4: [0].setup: 'none.sql' is no file of the",
    ),
    (
        "tests/checks.yaml",
        "setup: rows.sql",
        "setup: ../../../x.sql",
        "checks.yaml:4: [0].setup: '../../../x.sql' is no",
    ),
    ("tests/checks.yaml", "setup: rows.sql", "setup: /etc/x.sql", "checks.yaml:4: [0].setup: '/etc/x.sql' is no file"),
    ("tests/rows.sql", "VALUES {{size.rows}}", "VALUES {{rows}}", "rows.sql:2: {{rows}}: no parameter 'rows'"),
    ("solutions/reference.sql", "score: 10", "score: 9", "reference.sql:1: score: the reference scores 10, not 9"),
    ("solutions/reference.sql", "-- score: 10\n", "", "reference.sql:1: score: the first line must be a comment"),
    (
        "solutions/wrong_one.sql",
        "score: 0",
        "score: 10",
        "wrong_one.sql:1: score: a wrong solution scores less than 10",
    ),
    (
        "solutions/wrong_one.sql",
        "score: 0",
        "score: 11",
        "wrong_one.sql:1: score: a wrong solution scores less than 10",
    ),
    ("solutions/wrong_one.sql", "score: 0", "score: -1", "wrong_one.sql:1: score: the first line must be a comment"),
    ("solutions/wrong_one.sql", "1 AS n", "count(*) AS n FROM {{table}}", "the same text as reference.sql"),
    ("solutions/wrong_one.sql", "1 AS n", "1\nAS {{n}}", "wrong_one.sql:3: {{n}}: no parameter 'n'"),
    (
        "scenario.yaml",
        "parameters:",
        "repository: {question: events, files: 45}\nparameters:",
        "scenario.yaml:12: repository.seeds: field required",
    ),
    (
        "scenario.yaml",
        "parameters:",
        "repository:\n  question: rumours\n  files: 45\n  seeds: 3\nparameters:",
        "scenario.yaml:13: repository.question: input should be 'callers'",
    ),
    (
        "scenario.yaml",
        "parameters:",
        "repository:\n  question: events\n  files: 4500\n  seeds: 3\nparameters:",
        "scenario.yaml:14: repository.files: input should be less than or equal to 80",
    ),
    (
        "scenario.yaml",
        "parameters:",
        "repository: {question: events, files: 45, seeds: 3}\nparameters:\n  repository: [one, two]",
        "scenario.yaml:13: parameters: the repository has the name of a parameter",
    ),
    ("prompt.md", "{{table}}", "{{repository.listing}}", "prompt.md:1: {{repository.listing}}: no parameter"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN)
def test_a_broken_file_is_refused_with_file_line_field_and_reason(
    folder: CatalogueFolder, file: str, old: str, new: str, message: str
) -> None:
    folder.edit(f"{HERE}/{file}", old, new)
    with pytest.raises(CatalogueError) as refused:
        folder.load()
    assert message in str(refused.value)
    assert str(refused.value).startswith(str(folder.root / HERE))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("file", ["scenario.yaml", "prompt.md", "tests/checks.yaml", "solutions/reference.sql"])
def test_a_missing_file_is_named(folder: CatalogueFolder, file: str) -> None:
    folder.remove(f"{HERE}/{file}")
    with pytest.raises(CatalogueError, match=f"{file}:1: .file.: missing"):
        folder.load()


def test_one_wrong_solution_is_not_enough(folder: CatalogueFolder) -> None:
    folder.remove(f"{HERE}/solutions/wrong_one.sql")
    with pytest.raises(CatalogueError, match=r"solutions:1: \(folder\): 1 wrong solutions .*at least 2 are needed"):
        folder.load()


@pytest.mark.parametrize("file", ["prompt.md", "scenario.yaml", "tests/rows.sql"])
def test_a_file_that_is_not_utf8_is_refused_with_its_line(folder: CatalogueFolder, file: str) -> None:
    folder.write(f"{HERE}/{file}", b"first\nsecond \xff\n")
    with pytest.raises(CatalogueError, match=f"{file}:2: .file.: not UTF-8: byte 0xff"):
        folder.load()


@pytest.mark.parametrize(
    "file",
    ["prompt.txt", "tests/test_it.py", "tests/It.py", "tests/deep/rows.sql", "solutions/worng_x.sql", ".prompt.md.swp"],
)
def test_a_stray_file_is_refused(folder: CatalogueFolder, file: str) -> None:
    folder.write(f"{HERE}/{file}", "-- score: 1\nSELECT 2")
    with pytest.raises(CatalogueError, match="unexpected: "):
        folder.load()


def test_a_solution_in_another_language_is_refused(folder: CatalogueFolder) -> None:
    folder.write(f"{HERE}/solutions/wrong_language.py", "# score: 0\n")
    with pytest.raises(
        CatalogueError, match=r"wrong_language\.py:1: \(file\): a solution of this scenario ends in \.sql"
    ):
        folder.load()


@pytest.mark.parametrize("link", ["prompt.md", "solutions/wrong_one.sql", "solutions", "../count-rows"])
def test_a_symbolic_link_is_refused(folder: CatalogueFolder, tmp_path: Path, link: str) -> None:
    path = folder.root / HERE / link
    path = path.parent.resolve() / path.name if link != "../count-rows" else folder.root / HERE
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CatalogueError, match="a symbolic link is not allowed"):
        folder.load()


def test_a_file_too_large_is_refused(folder: CatalogueFolder) -> None:
    folder.write(f"{HERE}/prompt.md", "x" * 300_000)
    with pytest.raises(CatalogueError, match=r"prompt\.md:1: \(file\): larger than 256 KiB"):
        folder.load()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_is_refused(folder: CatalogueFolder) -> None:
    (folder.root / HERE / "prompt.md").chmod(0)
    with pytest.raises(CatalogueError, match=r"prompt\.md:1: \(file\): can't be read: Permission denied"):
        folder.load()


def test_a_bomb_of_aliases_is_refused_at_once(folder: CatalogueFolder) -> None:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 40)]
    folder.write(f"{HERE}/tests/checks.yaml", "\n".join(["a0: &a0 [x]", *levels]))
    folder.edit(f"{HERE}/tests/checks.yaml", "a0: &a0", "# aibaas-canary-00000000-0000-4000-8000-000000000001\na0: &a0")
    with pytest.raises(CatalogueError, match=r"checks\.yaml:3: a1\[0\]: aliases are not allowed"):
        folder.load()


@pytest.mark.parametrize("text", ["[" * 100, "[" * 100_000, "- " * 100_000, "a: " * 5_000])
def test_deep_nesting_is_refused(folder: CatalogueFolder, text: str) -> None:
    folder.write(f"{HERE}/scenario.yaml", text)
    with pytest.raises(CatalogueError, match=r"scenario\.yaml:1"):
        folder.load()


@pytest.mark.parametrize("text", ["[" * 40 + "]" * 40, "- " * 40 + "x"])
def test_nesting_beyond_need_is_refused(folder: CatalogueFolder, text: str) -> None:
    folder.write(f"{HERE}/scenario.yaml", text)
    with pytest.raises(CatalogueError, match="nested deeper than 32 levels"):
        folder.load()


@pytest.mark.parametrize("text", ["just text", "- a list", "7"])
def test_a_scenario_file_of_another_shape_is_refused(folder: CatalogueFolder, text: str) -> None:
    folder.write(f"{HERE}/scenario.yaml", text)
    with pytest.raises(CatalogueError, match=r"scenario\.yaml:1: \(file\): input should be an object"):
        folder.load()


def test_a_file_of_no_checks_is_refused(folder: CatalogueFolder) -> None:
    folder.write(f"{HERE}/tests/checks.yaml", "# aibaas-canary-00000000-0000-4000-8000-000000000001\n[]\n")
    with pytest.raises(CatalogueError, match=r"checks\.yaml:2: \(file\): there is no check"):
        folder.load()


def test_two_scenarios_with_one_canary_are_refused(folder: CatalogueFolder) -> None:
    canary = "aibaas-canary-00000000-0000-4000-8000-000000000001"
    folder.copy(HERE, "core/sql/sum-rows", canary=canary, scenario_id="sql/sum-rows")
    with pytest.raises(CatalogueError, match=r"sum-rows/scenario\.yaml:8: canary: duplicate: .*count-rows"):
        folder.load()


def test_two_scenarios_with_one_id_are_refused(folder: CatalogueFolder) -> None:
    folder.copy(HERE, "core/sql/sum-rows", canary=OTHER_CANARY, scenario_id="sql/count-rows")
    with pytest.raises(CatalogueError, match=r"sum-rows/scenario\.yaml:1: id: 'sql/count-rows' lies in the folder"):
        folder.load()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sql/count-rows", "sql/no-rows", r"suites\.yaml:6: .*scenario_ids\[0\]: there is no scenario 'sql/no-rows'"),
        ("- sql/count-rows", "- sql/count-rows\n      - sql/count-rows", r"suites\.yaml:7: .*is listed twice"),
        ("hourly", "sometimes", r"suites\.yaml:4: suites\[0\]\.cadence: input should be 'hourly'"),
        ("version: 1", "version: 1.5", r"suites\.yaml:3: suites\[0\]\.version: input should be a valid integer"),
        ("suites:", "suite:", r"suites\.yaml:1: suites: field required"),
        ("name: canary", "name: Canary", r"suites\.yaml:2: suites\[0\]\.name: string should match pattern"),
    ],
)
def test_a_broken_suite_is_refused(folder: CatalogueFolder, old: str, new: str, message: str) -> None:
    folder.edit("suites.yaml", old, new)
    with pytest.raises(CatalogueError, match=message):
        folder.load()


def test_a_suite_named_twice_is_refused(folder: CatalogueFolder) -> None:
    text = (folder.root / "suites.yaml").read_text(encoding="utf-8")
    folder.write("suites.yaml", text + text.removeprefix("suites:\n"))
    with pytest.raises(CatalogueError, match=r"suites\.yaml:7: suites\[1\]\.name: duplicate suite 'canary'"):
        folder.load()


def test_a_catalogue_without_suites_is_refused(folder: CatalogueFolder) -> None:
    folder.remove("suites.yaml")
    with pytest.raises(CatalogueError, match=r"suites\.yaml:1: \(file\): missing"):
        folder.load()


def test_a_folder_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"nowhere/core:1: \(folder\): there is no such folder"):
        load_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize("stray", ["core/notes.txt", "core/sql/notes.txt"])
def test_a_file_between_the_folders_is_refused(folder: CatalogueFolder, stray: str) -> None:
    folder.write(stray, "x")
    with pytest.raises(CatalogueError, match=f"{stray}:1: .file.: unexpected"):
        folder.load()


def test_keeping_going_reports_every_broken_scenario_and_loads_the_others(folder: CatalogueFolder) -> None:
    for number, name in enumerate(("a-rows", "b-rows", "c-rows"), start=2):
        canary = f"aibaas-canary-00000000-0000-4000-8000-00000000000{number}"
        folder.copy(HERE, f"core/sql/{name}", canary=canary, scenario_id=f"sql/{name}")
    folder.edit("core/sql/a-rows/scenario.yaml", "licence: MIT", "licence: none")
    folder.remove("core/sql/c-rows/prompt.md")
    catalogue = folder.load(keep_going=True)
    assert sorted(catalogue.scenarios) == ["sql/b-rows", "sql/count-rows"]
    assert [error.file.parent.name for error in catalogue.errors] == ["a-rows", "c-rows"]
    assert "canary" in catalogue.suites


def test_keeping_going_leaves_out_a_suite_with_a_broken_scenario_without_a_second_complaint(
    folder: CatalogueFolder,
) -> None:
    folder.edit(f"{HERE}/scenario.yaml", "licence: MIT", "licence: none")
    catalogue = folder.load(keep_going=True)
    assert len(catalogue.errors) == 1
    assert catalogue.suites == {}


def test_keeping_going_reports_broken_suites_too(folder: CatalogueFolder) -> None:
    folder.edit("suites.yaml", "hourly", "sometimes")
    catalogue = folder.load(keep_going=True)
    assert "sql/count-rows" in catalogue.scenarios
    assert [error.field for error in catalogue.errors] == ["suites[0].cadence"]


@pytest.mark.parametrize(
    "file",
    ["scenario.yaml", "prompt.md", "tests/checks.yaml", "tests/rows.sql", "solutions/reference.sql"],
)
def test_the_content_hash_covers_every_file(folder: CatalogueFolder, file: str) -> None:
    before = folder.load().scenarios["sql/count-rows"].content_sha256
    path = folder.root / HERE / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert folder.load().scenarios["sql/count-rows"].content_sha256 != before


def test_the_content_hash_does_not_depend_on_the_place_or_the_order_of_files(
    folder: CatalogueFolder, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    for path in sorted(folder.root.rglob("*"), reverse=True):
        if path.is_file():
            target = moved / path.relative_to(folder.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    here = folder.load().scenarios["sql/count-rows"]
    there = load_catalogue(moved).scenarios["sql/count-rows"]
    assert here.content_sha256 == there.content_sha256


THIRD_CANARY = "aibaas-canary-00000000-0000-4000-8000-000000000003"
PACK_SUITE = "suites:\n  - {name: queries, version: 1, cadence: daily, scenario_ids: [queries/sum-rows]}\n"


@pytest.fixture
def packs(folder: CatalogueFolder) -> Path:
    """A pack without wrong solutions beside the catalogue, and a scenario of the community in it."""
    folder.copy(HERE, "community/ana/max-rows", canary=THIRD_CANARY, scenario_id="ana/max-rows")
    pack = "../packs/queries/sum-rows"
    folder.copy(HERE, pack, canary=OTHER_CANARY, scenario_id="queries/sum-rows")
    folder.edit(f"{pack}/scenario.yaml", "licence: MIT", "licence: MIT\nsource: https://example.org/queries")
    for name in ("wrong_name", "wrong_one"):
        folder.remove(f"{pack}/solutions/{name}.sql")
    folder.write("../packs/queries/suites.yaml", PACK_SUITE)
    folder.write("../packs/.import/new/half/scenario.yaml", "broken")
    return folder.root.parent / "packs"


def test_scenarios_of_the_community_and_of_packs_are_loaded_too(folder: CatalogueFolder, packs: Path) -> None:
    catalogue = load_catalogue(folder.root, packs=packs)
    assert sorted(catalogue.scenarios) == ["ana/max-rows", "queries/sum-rows", "sql/count-rows"]
    assert [name for name, scenario in catalogue.scenarios.items() if scenario.is_core] == ["sql/count-rows"]
    assert catalogue.scenarios["queries/sum-rows"].source == "https://example.org/queries"
    assert list(catalogue.suites) == ["canary", "queries"]
    assert sorted(folder.load().scenarios) == ["ana/max-rows", "sql/count-rows"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("queries/sum-rows/scenario.yaml", "source: ", "# ", r"scenario\.yaml:1: source: missing"),
        (
            "queries/sum-rows/scenario.yaml",
            "queries/sum",
            "sql/sum",
            r"id: 'sql/sum-rows' lies in the folder 'queries/s",
        ),
        ("queries/sum-rows/scenario.yaml", OTHER_CANARY, "{first}", r"checks\.yaml:1: canary: a published file"),
        ("queries/suites.yaml", "name: queries", "name: canary", r"suites\.yaml:2: .*duplicate suite 'canary'"),
        ("queries/suites.yaml", "queries/sum-rows", "queries/none", r"there is no scenario 'queries/none'"),
    ],
)
def test_a_broken_pack_is_refused(
    folder: CatalogueFolder, packs: Path, file: str, old: str, new: str, message: str
) -> None:
    folder.edit(f"../packs/{file}", old, new.format(first=OTHER_CANARY.replace("2", "1")))
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(folder.root, packs=packs)
    kept = load_catalogue(folder.root, packs=packs, keep_going=True)
    assert "sql/count-rows" in kept.scenarios
    assert kept.errors


def test_one_id_and_one_canary_stand_for_one_scenario_wherever_it_lies(folder: CatalogueFolder, packs: Path) -> None:
    folder.copy(HERE, "community/queries/sum-rows", canary=OTHER_CANARY, scenario_id="queries/sum-rows")
    with pytest.raises(CatalogueError, match=r"packs/queries/.*scenario\.yaml:1: id: duplicate: .*community/queries"):
        load_catalogue(folder.root, packs=packs)
    folder.edit("community/queries/sum-rows/scenario.yaml", "id: queries/sum-rows", "id: queries/avg-rows")
    (folder.root / "community/queries/sum-rows").rename(folder.root / "community/queries/avg-rows")
    with pytest.raises(CatalogueError, match=r"packs/queries/.*scenario\.yaml:9: canary: duplicate: .*avg-rows"):
        load_catalogue(folder.root, packs=packs)


def test_the_community_needs_wrong_solutions(folder: CatalogueFolder, packs: Path) -> None:
    folder.remove("community/ana/max-rows/solutions/wrong_one.sql")
    with pytest.raises(CatalogueError, match=r"max-rows/solutions:1: \(folder\): 1 wrong solutions .* 2 are needed"):
        load_catalogue(folder.root, packs=packs)


@pytest.mark.parametrize("place", ["community", "../packs"])
def test_nobody_else_has_the_name_of_a_family(folder: CatalogueFolder, packs: Path, place: str) -> None:
    folder.write(f"{place}/security/suites.yaml", PACK_SUITE)
    with pytest.raises(CatalogueError, match=r"security:1: \(folder\): the name of a family"):
        load_catalogue(folder.root, packs=packs)


def test_a_file_between_the_packs_is_refused(folder: CatalogueFolder, packs: Path) -> None:
    folder.write("../packs/notes.txt", "x")
    with pytest.raises(CatalogueError, match=r"notes\.txt:1: \(file\): unexpected"):
        load_catalogue(folder.root, packs=packs)


def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(folder: CatalogueFolder) -> None:
    folder.remove(f"{HERE}/prompt.md")
    os.mkfifo(folder.root / HERE / "prompt.md")
    with pytest.raises(CatalogueError, match=r"prompt\.md:1: \(file\): no regular file"):
        folder.load()


def test_text_in_double_braces_is_its_own_where_there_are_no_parameters(folder: CatalogueFolder) -> None:
    start = (folder.root / HERE / "scenario.yaml").read_text(encoding="utf-8")
    folder.write(f"{HERE}/scenario.yaml", start[: start.index("parameters:")])
    variant = instantiate(folder.load(keep_going=True).scenarios["sql/count-rows"])
    assert variant.prompt == "Count the rows of {{table}} in one SQL query.\n"
    assert variant.reference.text == "SELECT count(*) AS n FROM {{table}}\n"


def test_values_are_what_json_has(folder: CatalogueFolder) -> None:
    folder.edit(f"{HERE}/scenario.yaml", "[users, orders, visits]", "[yes, 2026-01-01, '012', 1:30, 0x1f, .inf, 1_000]")
    values = folder.load().scenarios["sql/count-rows"].parameters["table"]
    assert values == ["yes", "2026-01-01", "012", "1:30", "0x1f", ".inf", "1_000"]
