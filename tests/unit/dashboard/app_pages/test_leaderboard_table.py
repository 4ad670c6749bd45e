"""The table says every number, says why one is unknown, and runs no markup of others."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from dashboard.api_client.standings import LeaderboardEntry
from dashboard.app_pages.leaderboard_table import leaderboard_table
from tests.support.fake_api import entry, unknown_entry


def table(*rows: dict[str, Any], family: str = "all") -> str:
    return leaderboard_table([LeaderboardEntry.model_validate(row) for row in rows], family)


class Words(HTMLParser):
    """The text of each cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def cells_of_row(html: str, row: int = 0) -> list[str]:
    width = 10
    cells = read(html).cells
    return [re.sub(r"\s+", " ", cell).strip() for cell in cells[width * (row + 1) : width * (row + 2)]]


def test_a_row_says_every_number() -> None:
    shown = table(
        entry(
            "sim-atlas",
            "Atlas",
            score_mean=8.4125,
            score_ci95_lower=7.0211,
            score_ci95_upper=9.8039,
            cost_per_task_usd=0.001834,
            last_benchmark_hour="2026-11-23T20:00:00Z",
        )
    )
    assert cells_of_row(shown) == [
        "Atlas simulated",
        "simulator",
        "8.41 7.02\u20139.80",
        "1,998 of 2,016 answers",
        "12",
        "$0.0018",
        "0.41",
        "1.84",
        "0.9%",
        "2026-11-23 20:00",
    ]


def test_what_is_unknown_is_a_dash_with_its_reason_and_never_zero() -> None:
    cells = cells_of_row(table(unknown_entry("gpt-x", "GPT-X", is_simulated=False)))
    assert cells[2] == "\u2014no call was answered"
    assert [cell[0] for cell in (cells[5], cells[6], cells[7], cells[9])] == ["\u2014"] * 4
    assert "0.00" not in " ".join(cells)


def test_answers_that_were_all_scored_are_counted_once() -> None:
    assert cells_of_row(table(entry("a", "A", response_count=2003, scored_count=2003)))[3] == "2,003"


def test_calls_that_all_failed_are_told_from_no_calls() -> None:
    shown = table(unknown_entry("a", "A"), unknown_entry("b", "B", error_rate=None))
    assert [cells_of_row(shown, row)[2] for row in (0, 1)] == [
        "\u2014no call was answered",
        "\u2014no call in this window",
    ]


def test_an_unknown_price_is_said_beside_known_numbers() -> None:
    cells = cells_of_row(table(entry("a", "A", cost_per_task_usd=None)))
    assert cells[5] == "\u2014no price is known"
    assert cells[2].startswith("8.00")


def test_a_score_without_an_interval_says_why() -> None:
    cells = cells_of_row(table(entry("a", "A", score_ci95_lower=None, score_ci95_upper=None)))
    assert cells[2] == "8.00 no interval: too few scenarios"


def test_a_cost_of_nothing_is_not_an_unknown_cost() -> None:
    assert cells_of_row(table(entry("a", "A", cost_per_task_usd=0.0)))[5] == "$0.00"


def test_amounts_of_a_column_line_up() -> None:
    shown = table(entry("a", "A", cost_per_task_usd=0.5), entry("b", "B", cost_per_task_usd=0.00042))
    assert [cells_of_row(shown, row)[5] for row in (0, 1)] == ["$0.50000", "$0.00042"]


def test_simulated_and_preliminary_are_marked_in_words() -> None:
    shown = table(entry("a", "A", is_preliminary=True), entry("b", "B", is_simulated=False))
    assert cells_of_row(shown, 0)[0] == "A simulated preliminary"
    assert cells_of_row(shown, 1)[0] == "B"


def test_names_with_markup_are_text() -> None:
    words = read(table(entry("a", "<script>alert(1)</script>", provider='"><img src=x>')))
    assert not words.tags & {"script", "img"}
    assert "<script>alert(1)</script> simulated" in words.cells


def test_a_link_leads_to_the_trend_of_the_same_family() -> None:
    assert 'href="model-trend?model=a&amp;family=bug-fixing"' in table(entry("a", "A"), family="bug-fixing")
    assert 'href="model-trend?model=a"' in table(entry("a", "A"))
