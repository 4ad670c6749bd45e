"""The dashboard's views of a drawn year: where each is, what it says at least, and another value of each filter.

Not here: how a filter is changed (dashboard_view), nor the year (drawn_year). What is told of four models is what
drawn_year let happen to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.dashboard_view import Choice


@dataclass(frozen=True)
class View:
    """`says` stands on it whatever its filters are; `charts` are drawn at least."""

    address: str
    says: str
    charts: int = 0
    choices: tuple[Choice, ...] = ()
    is_shared: bool = True
    """Whether it has a link, calls and files to share."""

    @property
    def name(self) -> str:
        return self.address.strip("/").replace("?", "-").replace("=", "-").replace("&", "-").replace("%2F", "-")


ALONE = {"Suite"}
"""Filters that have a single value where only one suite was ever measured."""
WINDOW = Choice("Window", "30 days", "window", "30d", "segment")
FAMILY = Choice("Family", "Sql", "family", "sql")
SECTION = "section"


def behind(label: str, option: str, name: str, value: str, **more: bool) -> Choice:
    return Choice(label, option, name, value, behind="Filters", **more)


def at_most(label: str, limit: str, name: str, opener: str | None = None) -> Choice:
    return Choice(label, limit, name, limit, "number", behind=opener)


LEADERBOARD = View(
    "/",
    "Leaderboard",
    choices=(
        Choice("Search", "synthetic 1", "search", "synthetic 1", "words"),
        FAMILY,
        WINDOW,
        Choice("Sort by", "Cost per task", "sort", "cost_per_task_usd"),
        Choice("View", "Chart", "view", "chart", "segment"),
        behind("Provider", "synthetic", "provider", "synthetic", has_effect=False),
        behind("Reasoning effort", "The model's default", "effort", "default", has_effect=False),
        behind("Models", "Real only", "simulated", "false"),
        behind("Weights", "Open weights", "open_weights", "true"),
        at_most("At most, $ per task", "0.005", "max_cost_per_task_usd", "Filters"),
        at_most("At most, $ per million output tokens", "20", "max_output_usd_per_mtok", "Filters"),
        behind("Attempts that must all solve a task", "5", "attempts", "5"),
    ),
)
COMPARISON = View(
    "/compare",
    "Who solves what",
    3,
    (Choice("Models", "Synthetic 7 (simulated)", "models", "synthetic-07", "several"), FAMILY, WINDOW),
)
TRADEOFF = View(
    "/cost-and-speed",
    "On the frontier:",
    1,
    (
        Choice("Show", "My load", SECTION, "load", "segment"),
        Choice("Against", "Cost per solved task", "against", "cost_per_solved_task_usd"),
        FAMILY,
        WINDOW,
        Choice("Models", "Real only", "simulated", "false"),
    ),
)
LOAD = View(
    "/cost-and-speed?section=load",
    "tasks a day over 30 days",
    choices=(
        Choice("Over", "A week", "days", "7", "segment"),
        at_most("All families, tasks a day", "500", "tasks_all"),
        *(
            at_most(f"{name}, tasks a day", "200", f"tasks_{name.lower().replace(' ', '-')}")
            for name in ("Bug fixing", "Code generation", "Data wrangling", "Sql")
        ),
        at_most("Input tokens a task", "700", "input_tokens"),
        at_most("Output tokens a task", "90", "output_tokens"),
    ),
)
PRICES = View(
    "/cost-and-speed?section=prices",
    "Changes of price",
    1,
    (Choice("Models", "synthetic/synthetic-12", "models", "synthetic/synthetic-12", "several"),),
)
RECOMMENDATION = View(
    "/recommend",
    "Take this",
    choices=(
        Choice("Kind of work", "Sql", "family", "sql"),
        Choice("Judged by", "24 hours", "window", "24h", "segment"),
        Choice("Models", "Real only", "simulated", "false"),
        Choice("Weights", "Open weights", "open_weights", "true"),
        at_most("Score, at least", "7", "min_score_mean"),
        at_most("Failed calls, at most %", "1", "max_error_percent"),
        at_most("At most, $ per task", "0.005", "max_cost_per_task_usd"),
        at_most("At most, $ per 1M output tokens", "20", "max_output_usd_per_mtok"),
        at_most("Whole answer, p50, at most ms", "4500", "max_latency_p50_ms"),
        at_most("Whole answer, p95, at most ms", "7600", "max_latency_p95_ms"),
        at_most("First token, p50, at most ms", "880", "max_time_to_first_token_p50_ms"),
        at_most("First token, p95, at most ms", "1720", "max_time_to_first_token_p95_ms"),
    ),
)
SCENARIOS = View(
    "/scenarios",
    "in 4 families",
    choices=(
        FAMILY,
        Choice("Difficulty", "Medium", "difficulty", "medium", has_effect=False),
        Choice("Language", "Python", "language", "python", has_effect=False),
        Choice("Suite", "Synthetic", "suite", "synthetic", has_effect=False),
        Choice("Search", "task 20", "words", "task 20", "words"),
    ),
)
SCENARIO = View("/scenarios?scenario=sql%2Fsynthetic-04", "How models answered")
DEFINITIONS = View(
    "/methodology",
    "score_ci95_lower",
    choices=(
        Choice("Show", "Versions and next hour", SECTION, "versions", "segment"),
        Choice("Search", "rank", "words", "rank", "words"),
    ),
)
VERSIONS = View("/methodology?section=versions", "Detection of changes")
COVERAGE = View("/methodology?section=coverage", "planned calls")
CHANGES = View(
    "/methodology?section=changes", "in the last 90 days", choices=(Choice("Kind", "Price", "kind", "price"),)
)
TREND = View(
    "/model-trend?model=synthetic-03",
    "Synthetic 3",
    4,
    (
        Choice("Model", "Synthetic 5 (simulated)", "model", "synthetic-05"),
        FAMILY,
        Choice("One point per", "Day", "granularity", "day", "segment"),
        Choice("Span", "7 days", "days", "7", "segment"),
    ),
)
TREND_BY_DAY = View(
    "/model-trend?model=synthetic-03&granularity=day",
    "Synthetic 3",
    4,
    (Choice("Points", "Every hour", "points", "on", "segment"),),
)
DEGRADATIONS = View(
    "/degradations?direction=any",
    "Before and after are levels",
    1,
    (
        Choice("Show", "Model by family", SECTION, "families", "segment"),
        Choice("Model", "Synthetic 5 (simulated)", "model", "synthetic-05"),
        Choice("Metric", "Quality", "metric", "quality"),
        Choice("Severity", "Critical", "severity", "critical"),
        Choice("Likely cause", "A change of price", "cause", "price"),
        Choice("Asked again", "Confirmed as worse", "verdict", "degraded"),
        Choice("State", "Over", "state", "resolved"),
        Choice("Direction", "Better", "direction", "better", "segment"),
    ),
)
FAMILIES = View("/degradations?section=families", "told from chance, of 12 models", 1)
STATUS = View("/status", "Last 14 days, hour by hour", 2, is_shared=False)
ACCOUNT = View("/account", "Sign in with an API key", is_shared=False)
VIEWS = (
    LEADERBOARD, COMPARISON, TRADEOFF, LOAD, PRICES, RECOMMENDATION, SCENARIOS, SCENARIO, DEFINITIONS, VERSIONS,
    COVERAGE, CHANGES, TREND, TREND_BY_DAY, DEGRADATIONS, FAMILIES, STATUS, ACCOUNT,
)  # fmt: skip
