"""The table says every number, says why one is unknown, and runs no markup of others."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from dashboard.api_client.models import Model
from dashboard.api_client.standings import LeaderboardEntry
from dashboard.app_pages.leaderboard_table import leaderboard_table
from dashboard.app_pages.targets import Situation
from tests.support.fake_api import entry, newest_hour, text, unknown_entry
from tests.support.fake_api import model as a_model


def table(*rows: dict[str, Any], family: str = "all", known: dict[str, Situation] | None = None) -> str:
    return leaderboard_table([LeaderboardEntry.model_validate(row) for row in rows], known or {}, family)


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


COLUMNS = (
    "model", "rank", "status", "score", "course", "solved", "counts", "cost", "price", "first token", "latency",
    "errors", "last hour",
)  # fmt: skip


def cells_of_row(html: str, row: int = 0) -> dict[str, str]:
    width = len(COLUMNS)
    cells = read(html).cells[width * (row + 1) : width * (row + 2)]
    return dict(zip(COLUMNS, [re.sub(r"\s+", " ", cell).strip() for cell in cells], strict=True))


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
    assert cells_of_row(shown) == {
        "model": "Atlas simulatedsimulator",
        "rank": "1\u20134",
        "status": "steady",
        "score": "8.41 7.02\u20139.80",
        "course": "\u22120.12, by chance?",
        "solved": "54%29\u201377%",
        "counts": "1,998 of 2,016 answers, 12 scenarios",
        "cost": "$0.0018$0.0026",
        "price": "$3.00$15.00",
        "first token": "0.410.98",
        "latency": "1.844.12",
        "errors": "0.9%0.5\u20131.5%",
        "last hour": "2026-11-2320:00",
    }


def test_a_number_of_the_calls_has_its_interval_to_point_at() -> None:
    titles = re.findall(r'title="95% interval ([^"]+)"', table(entry("a", "A")))
    assert titles == ["$0.0017 to $0.0019", "0.40 to 0.42", "0.94 to 1.03", "1.80 to 1.88", "3.98 to 4.31"]


def test_what_is_unknown_is_a_dash_with_its_reason_and_never_zero() -> None:
    row = unknown_entry("gpt-x", "GPT-X", is_simulated=False, input_usd_per_mtok=None, output_usd_per_mtok=None)
    cells = cells_of_row(table(row))
    assert cells["score"] == "\u2014no call was answered"
    unknown = ("rank", "course", "solved", "cost", "price", "first token", "latency", "last hour")
    assert {name: cells[name][0] for name in unknown} == dict.fromkeys(unknown, "\u2014")
    assert "0.00" not in " ".join(cells.values())


def test_calls_that_all_failed_are_told_from_no_calls() -> None:
    shown = table(unknown_entry("a", "A"), unknown_entry("b", "B", error_rate=None))
    assert [cells_of_row(shown, row)["score"] for row in (0, 1)] == [
        "\u2014no call was answered",
        "\u2014no call in this window",
    ]


def test_an_unknown_price_is_said_beside_known_numbers() -> None:
    cells = cells_of_row(table(entry("a", "A", cost_per_task_usd=None, cost_per_solved_task_usd=None)))
    assert cells["cost"] == "\u2014no price is known"
    assert cells["score"].startswith("8.00")


def test_the_second_number_of_a_cell_says_why_it_is_unknown_too() -> None:
    unsolved = {"cost_per_solved_task_usd": None, "solved_count": 0}
    cells = cells_of_row(table(entry("a", "A", output_usd_per_mtok=None, latency_p95_ms=None, **unsolved)))
    assert cells["cost"].endswith("\u2014no task was solved")
    assert cells["price"] == "$3.00\u2014no price is known"
    assert cells["latency"] == "1.84\u2014not reported"
    some = table(entry("a", "A", cost_per_solved_task_usd=None))
    assert cells_of_row(some)["cost"].endswith("\u2014some costs are unknown")


def test_a_score_without_an_interval_says_why_and_draws_no_bar() -> None:
    shown = table(entry("a", "A", score_ci95_lower=None, score_ci95_upper=None))
    assert cells_of_row(shown)["score"] == "8.00 no interval: too few scenarios"
    assert 'class="bar"' not in shown


def test_a_bar_reaches_from_the_lower_to_the_upper_bound() -> None:
    assert "--low:72.0%;--high:88.0%;--at:80.0%" in table(entry("a", "A"))


def test_a_single_rank_is_one_number() -> None:
    assert cells_of_row(table(entry("a", "A", rank_ci95_lower=2, rank_ci95_upper=2)))["rank"] == "2"


@pytest.mark.parametrize(
    ("change", "arrow", "kind"), [(0.62, "\u25b2 +0.62", "better"), (-0.4, "\u25bc \u22120.40", "worse")]
)
def test_only_a_change_that_is_told_from_chance_has_an_arrow(change: float, arrow: str, kind: str) -> None:
    row = entry("a", "A", score_change_7d=change)
    shown = table(row | {"is_score_change_7d_significant": True})
    assert cells_of_row(shown)["course"] == arrow
    assert f'class="{kind}"' in shown
    by_chance = cells_of_row(table(row))["course"]
    assert by_chance.endswith("by chance?")
    assert by_chance[0] not in "\u25b2\u25bc"


def test_the_month_is_an_image_with_words_and_gaps() -> None:
    days = [
        {"score_date": f"2026-11-{day:02}", "score_mean": score, "scored_count": 1, "reason": None}
        for day, score in enumerate((8.0, 8.5, None, 7.0), start=1)
    ]
    shown = table(entry("a", "A", sparkline=days))
    assert "4 days: from 8.00 to 7.00, 7.00 to 8.50, 1 day without a score" in shown
    drawing = b64decode(re.findall(r"base64,([^\"]+)", shown)[0]).decode()
    assert drawing.count("M") == 2, "one line and one lone day"


def test_a_month_without_a_score_draws_nothing() -> None:
    day = {"score_date": "2026-11-01", "score_mean": None, "scored_count": 0, "reason": "budget"}
    assert "<img" not in table(entry("a", "A", sparkline=[day]))


def test_amounts_of_a_column_line_up() -> None:
    costs = {"cost_per_solved_task_usd": None}
    shown = table(entry("a", "A", cost_per_task_usd=0.5, **costs), entry("b", "B", cost_per_task_usd=0.00042, **costs))
    assert [cells_of_row(shown, row)["cost"][:8] for row in (0, 1)] == ["$0.50000", "$0.00042"]


def test_badges_say_in_words_what_is_special() -> None:
    model = Model.model_validate(a_model("a", "A", lifecycle="deprecated", first_answered_at=text(newest_hour())))
    row = entry("a", "A", is_preliminary=True, is_open_weights=True, reasoning_effort="high")
    cells = cells_of_row(table(row, known={"a": Situation(model, ())}))
    for badge in ("simulated", "preliminary", "new", "deprecated", "open weights", "high effort"):
        assert badge in cells["model"]
    assert cells_of_row(table(entry("b", "B", is_simulated=False)))["model"] == "Bsimulator"


def test_the_status_says_why_a_model_is_not_measured_or_behind() -> None:
    model = Model.model_validate(a_model("a", "A", is_enabled=False, disabled_reason="no key <is> set"))
    shown = table(
        entry("a", "A"),
        entry("b", "B", last_benchmark_hour=text(newest_hour() - timedelta(days=1))),
        known={"a": Situation(model, ())},
    )
    assert cells_of_row(shown)["status"] == "not measuredno key <is> set"
    assert cells_of_row(shown, 1)["status"] == "behindothers have newer hours"


def test_names_with_markup_are_text() -> None:
    words = read(table(entry("a", "<script>alert(1)</script>", provider='"><img src=x>')))
    assert not words.tags & {"script", "img"}
    assert "<script>alert(1)</script> simulated" in words.cells[len(COLUMNS)]


def test_a_link_leads_to_the_trend_of_the_same_family_and_suite() -> None:
    assert 'href="model-trend?model=a&amp;family=bug-fixing"' in table(entry("a", "A"), family="bug-fixing")
    assert 'href="model-trend?model=a"' in table(entry("a", "A"))
    assert 'href="model-trend?model=a&amp;suite=core"' in table(entry("a", "A", suite="core"))
