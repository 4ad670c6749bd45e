"""What seeds make of a scenario.

Not here: what a catalogue is refused for (test_loader).
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from scenarios.checks import SqlCheck
from scenarios.loader import CatalogueError
from scenarios.schema import PUBLIC_SEED
from scenarios.variants import instantiate, values_for_seed, variant_count

if TYPE_CHECKING:
    from scenarios.schema import Scenario

    CatalogueFolder = Any

HERE = "core/sql/count-rows"


@pytest.fixture
def scenario(folder: CatalogueFolder) -> Scenario:
    loaded: Scenario = folder.load().scenarios["sql/count-rows"]
    return loaded


def test_the_public_variant_takes_the_first_values(scenario: Scenario) -> None:
    variant = instantiate(scenario)
    assert variant.seed == PUBLIC_SEED == 0
    assert variant.prompt == "Count the rows of users in one SQL query.\n"
    assert variant.reference.text == "SELECT count(*) AS n FROM users\n"


def test_checks_are_rendered_with_the_types_of_the_values(scenario: Scenario) -> None:
    first, second = instantiate(scenario).checks
    assert isinstance(first, SqlCheck)
    assert isinstance(second, SqlCheck)
    assert first.setup == "CREATE TABLE users (id INTEGER);\nINSERT INTO users VALUES (1), (2);\n"
    assert first.expected.rows == ((2,),)
    assert second.setup == "CREATE TABLE users (id INTEGER)"
    assert second.expected.columns == ("n",)


def test_solutions_lose_their_header_and_keep_what_it_says(scenario: Scenario) -> None:
    reference, *wrong = instantiate(scenario).solutions
    assert (reference.name, reference.expected_score) == ("reference", 10)
    assert [(item.name, item.expected_score, item.note) for item in wrong] == [
        ("wrong_name", 7.5, "no name"),
        ("wrong_one", 0, ""),
    ]
    assert all("score:" not in item.text for item in instantiate(scenario).solutions)


def test_seeds_below_the_number_of_variants_all_differ(scenario: Scenario) -> None:
    assert variant_count(scenario) == 6
    seen = {(variant.prompt, variant.checks[0]) for variant in (instantiate(scenario, seed) for seed in range(6))}
    assert len({(prompt, check.model_dump_json()) for prompt, check in seen}) == 6


def test_later_seeds_come_back_to_the_same_variants(scenario: Scenario) -> None:
    assert instantiate(scenario, 6).prompt == instantiate(scenario, 0).prompt
    assert instantiate(scenario, 10**30 + 1).seed == 10**30 + 1


def test_the_same_seed_gives_the_same_texts_in_every_process(folder: CatalogueFolder, scenario: Scenario) -> None:
    program = (
        "import sys, pathlib; from scenarios.loader import load_catalogue; from scenarios.variants import instantiate\n"
        "scenario = load_catalogue(pathlib.Path(sys.argv[1])).scenarios['sql/count-rows']\n"
        "sys.stdout.write(''.join(repr(instantiate(scenario, seed).checks) for seed in range(4)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(folder.root)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(path for path in sys.path if path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {"".join(repr(instantiate(scenario, seed).checks) for seed in range(4))}


REPOSITORY = "repository: {question: events, files: 45, seeds: 5}\n"


def add_repository(folder: CatalogueFolder) -> None:
    folder.edit(f"{HERE}/scenario.yaml", "parameters:\n", f"{REPOSITORY}parameters:\n")
    folder.edit(f"{HERE}/prompt.md", "Count", "{{repository.listing}}\nMind {{repository.start}} and count")


def test_a_repository_multiplies_the_variants(folder: CatalogueFolder, scenario: Scenario) -> None:
    add_repository(folder)
    larger = folder.load().scenarios["sql/count-rows"]
    assert variant_count(larger) == 5 * variant_count(scenario)
    values = [values_for_seed(larger, seed) for seed in range(variant_count(larger))]
    assert len({(each["table"], each["size"]["count"], each["repository"]["listing"]) for each in values}) == len(
        values
    )
    assert values[0]["table"] == values_for_seed(scenario, 0)["table"]


def test_a_repository_is_a_value_with_parts(folder: CatalogueFolder) -> None:
    add_repository(folder)
    larger = folder.load().scenarios["sql/count-rows"]
    prompt = instantiate(larger, 2).prompt
    assert "\n==== src/" in prompt
    assert f"Mind {values_for_seed(larger, 2)['repository']['start']} and count" in prompt


def test_a_scenario_changes_with_what_is_generated_for_it(
    folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_repository(folder)
    before = folder.load().scenarios["sql/count-rows"]
    monkeypatch.setattr("scenarios.loader.repository_values", lambda *_: {"listing": "another"})
    assert folder.load().scenarios["sql/count-rows"] != before


def test_a_variant_is_made_once(scenario: Scenario) -> None:
    assert instantiate(scenario, 2) is instantiate(scenario, 2)


def test_an_unchanged_scenario_keeps_its_variants_when_it_is_loaded_again(
    folder: CatalogueFolder, scenario: Scenario
) -> None:
    again = folder.load().scenarios["sql/count-rows"]
    assert again == scenario
    assert instantiate(again, 3) is instantiate(scenario, 3)


def test_an_edited_scenario_has_new_variants(folder: CatalogueFolder, scenario: Scenario) -> None:
    folder.edit(f"{HERE}/prompt.md", "Count", "Tally")
    edited = folder.load().scenarios["sql/count-rows"]
    assert edited != scenario
    assert instantiate(edited).prompt.startswith("Tally")


def test_a_variant_crosses_to_another_process(scenario: Scenario) -> None:
    variant = instantiate(scenario, 1)
    assert pickle.loads(pickle.dumps(variant)) == variant


def test_a_negative_seed_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="a seed is 0 or more, not -1"):
        instantiate(scenario, -1)


def test_a_value_that_makes_checks_invalid_is_refused_when_its_seed_is_used(folder: CatalogueFolder) -> None:
    folder.edit(f"{HERE}/scenario.yaml", "{count: 3,", "{count: -1,")
    folder.edit(f"{HERE}/tests/checks.yaml", "weight: 1", 'weight: "{{size.count}}"')
    scenario = folder.load().scenarios["sql/count-rows"]
    with pytest.raises(
        CatalogueError, match=r"checks\.yaml:9: \[1\]\.weight: input should be greater than or equal to 0"
    ):
        [instantiate(scenario, seed) for seed in range(variant_count(scenario))]


def test_a_scenario_without_parameters_has_one_variant(folder: CatalogueFolder) -> None:
    for file, old, new in [
        ("scenario.yaml", folder_tail(folder), ""),
        ("prompt.md", "{{table}}", "users"),
        ("tests/checks.yaml", "{{table}}", "users"),
        ("tests/checks.yaml", '"{{size.count}}"', "2"),
        ("tests/rows.sql", "{{table}}", "users"),
        ("tests/rows.sql", "{{size.rows}}", "(1), (2)"),
        ("solutions/reference.sql", "{{table}}", "users"),
        ("solutions/wrong_name.sql", "{{table}}", "users"),
    ]:
        folder.edit(f"{HERE}/{file}", old, new)
    scenario = folder.load().scenarios["sql/count-rows"]
    assert variant_count(scenario) == 1
    assert instantiate(scenario, 7).prompt == instantiate(scenario).prompt


def folder_tail(folder: CatalogueFolder) -> str:
    """The parameters block of the fixture's scenario.yaml."""
    text: str = (folder.root / HERE / "scenario.yaml").read_text(encoding="utf-8")
    return text[text.index("parameters:") :]
