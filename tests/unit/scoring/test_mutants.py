"""How mutants are drawn, and what explanations of survivors are taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.scoring.mutants import drawn_evenly, judged, read_equivalents
from orchestration.scoring.mutations import Mutant
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from pathlib import Path

MADE = [f"{number}: a -> b" for number in range(10)]


def test_a_survivor_is_equivalent_only_where_it_is_explained() -> None:
    noticed = {MADE[0]: True, MADE[1]: False, MADE[2]: False}
    found = judged("sql/any", MADE, noticed, {MADE[2]: "the order is free"})
    assert (found.survivors, found.equivalents, found.stale) == ((MADE[1],), (MADE[2],), ())
    assert (found.made, found.drawn, found.killed) == (10, 3, 1)


def test_an_explanation_of_what_is_noticed_or_not_made_is_stale() -> None:
    explained = {MADE[0]: "noticed", MADE[5]: "not drawn", "99: a -> b": "not made"}
    found = judged("sql/any", MADE, {MADE[0]: True}, explained)
    assert found.stale == (MADE[0], "99: a -> b")


def test_what_is_no_program_counts_for_nothing() -> None:
    found = judged("sql/any", MADE, {MADE[0]: None, MADE[1]: True}, {MADE[0]: "why"})
    assert (found.drawn, found.killed, found.stale) == (1, 1, (MADE[0],))


@pytest.mark.parametrize(
    ("survivors", "equivalents", "holds"), [(2, 0, True), (3, 0, False), (3, 5, False), (2, 1, False)]
)
def test_four_fifths_of_those_that_are_mistakes_have_to_be_noticed(
    survivors: int, equivalents: int, *, holds: bool
) -> None:
    noticed: dict[str, bool | None] = {change: index >= survivors + equivalents for index, change in enumerate(MADE)}
    explained = dict.fromkeys(MADE[survivors : survivors + equivalents], "why")
    assert judged("sql/any", MADE, noticed, explained).holds is holds


def test_the_draw_is_even_and_always_the_same() -> None:
    made = [Mutant("", str(number)) for number in range(1000)]
    drawn = [int(mutant.change) for mutant in drawn_evenly(made, 60, "sql/any")]
    assert len(drawn) == 60
    assert [number * 60 // 1000 for number in drawn] == list(range(60))
    assert drawn_evenly(made, 60, "sql/any") == drawn_evenly(made, 60, "sql/any")
    assert drawn_evenly(made, 60, "sql/other") != drawn_evenly(made, 60, "sql/any")
    assert drawn_evenly(made[:60], 60, "sql/any") == made[:60]


def test_explanations_are_read_and_another_form_is_refused(tmp_path: Path) -> None:
    assert read_equivalents(tmp_path) == {}
    file = tmp_path / "equivalent_mutants.yaml"
    file.write_text('sql/any:\n  - change: "3: a -> b"\n    why: the order is free\n')
    assert read_equivalents(tmp_path) == {"sql/any": {"3: a -> b": "the order is free"}}
    file.write_text("sql/any: [3]\n")
    with pytest.raises(OperatorError, match="expected scenario ids"):
        read_equivalents(tmp_path)
