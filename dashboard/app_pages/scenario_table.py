"""Scenarios as tables: all of a choice, and how models answered the public variant of one, check by check.

Not here: how cells become a table (tables). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import count_of, family_name, moment, seconds, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.api_client.scenarios import CheckResult, Scenario, ScenarioEvidence

FULL_MARKS = 9.995
OUTCOMES = {
    "ok": "ran, every check passed",
    "wrong": "ran, not every check passed",
    "timeout": "ran too long and was stopped",
    "memory": "took too much memory and was stopped",
    "infrastructure": "our sandbox failed, which is no fault of the model",
}
KIB_OF_MIB = 1024


def scenario_table(scenarios: Sequence[Scenario], address: Mapping[str, str]) -> str:
    """`address` is that of the view: a link to a scenario's answers keeps it."""
    columns: tuple[Column[Scenario], ...] = (
        Column("Scenario", "Follow it to how models answered", lambda each: _title(each, address), is_number=False),
        Column("Family", "Kind of a developer's work", lambda each: escape(family_name(each.family)), is_number=False),
        Column("Difficulty", "As its author rates it", lambda each: _known(each.difficulty), is_number=False),
        Column("Language", "What is to be written or read", lambda each: _known(each.language), is_number=False),
        Column(
            "Suites",
            "Which suites ask it",
            lambda each: badges(*each.suites) or missing("in no suite"),
            is_number=False,
        ),
        Column("Version", "Numbers of different versions are never mixed", lambda each: str(each.scenario_version)),
        Column("Created", "A model trained later may have seen it", _created, is_number=False),
    )
    return html_table("Scenarios", columns, scenarios)


def evidence_table(evidence: Sequence[ScenarioEvidence]) -> str:
    digits = usd_digits(each.cost_usd for each in evidence)
    columns: tuple[Column[ScenarioEvidence], ...] = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Score", "0 to 10: the weight of passed checks", _score),
        Column("Checks", "Open it for every check", _checks, is_number=False),
        Column("Sandbox", "How the answer's run ended, and how it was confined", _sandbox, is_number=False),
        Column("Form", "Whether the answer was whole and in the form asked for", _form, is_number=False),
        Column("Latency, s", "Seconds to the whole answer", lambda each: _seconds(each.latency_ms)),
        Column("Cost", "Of this answer", lambda each: _cost(each, digits)),
        Column("Answered", "UTC", _answered, is_number=False),
    )
    return html_table("Answers to the public variant", columns, evidence, kind="noted")


def _title(scenario: Scenario, address: Mapping[str, str]) -> str:
    words = scenario.title or scenario.scenario_id
    link = page_link("scenarios", words, **{**address, "scenario": scenario.scenario_id})
    return f"{link}<small>{escape(scenario.scenario_id)}</small>"


def _known(value: str | None) -> str:
    return missing("not stated") if value is None else escape(value)


def _created(scenario: Scenario) -> str:
    return missing("not stated") if scenario.created_on is None else scenario.created_on.isoformat()


def _name(evidence: ScenarioEvidence) -> str:
    link = page_link("model-trend", evidence.label, model=evidence.target_id)
    return f"{link}{badges(*['simulated'] * evidence.is_simulated)}<small>{escape(evidence.provider)}</small>"


def _score(evidence: ScenarioEvidence) -> str:
    if evidence.score is None:
        return missing(evidence.score_reason or "it could not be graded")
    if evidence.score >= FULL_MARKS:
        mark, kind = "\u25cf", "solved"
    else:
        mark, kind = ("\u25d0", "partly") if evidence.score > 0 else ("\u25cb", "unsolved")
    why = f"<small>{escape(evidence.score_reason)}</small>" if evidence.score_reason else ""
    return f'<span class="mark {kind}">{mark} <b>{evidence.score:.2f}</b></span>{why}'


def _checks(evidence: ScenarioEvidence) -> str:
    if evidence.checks is None:
        return missing("no check was run")
    passed = sum(check.passed for check in evidence.checks)
    lines = "".join(f"<li>{_check(check)}</li>" for check in evidence.checks)
    said = f"{passed} of {count_of(len(evidence.checks), 'check')} passed"
    return f"<details><summary>{said}</summary><ul>{lines}</ul></details>"


def _check(check: CheckResult) -> str:
    mark, word = ("\u2713", "passed") if check.passed else ("\u2717", "failed")
    detail = f"<small>{escape(check.detail)}</small>" if check.detail else ""
    return f"{mark} {word}: {escape(check.name)} <small>weight {check.weight:g}</small>{detail}"


def _sandbox(evidence: ScenarioEvidence) -> str:
    facts = [f"confined by {evidence.sandbox_level}"] if evidence.sandbox_level else []
    facts += [f"{evidence.wall_ms:,.0f} ms"] if evidence.wall_ms is not None else []
    facts += [f"{evidence.peak_memory_kb / KIB_OF_MIB:,.0f} MiB"] if evidence.peak_memory_kb is not None else []
    ended = OUTCOMES.get(evidence.outcome, evidence.outcome.replace("_", " "))
    return f"{escape(ended)}<small>{escape(', '.join(facts))}</small>"


def _form(evidence: ScenarioEvidence) -> str:
    wrong = ["refused"] * bool(evidence.is_refusal) + ["cut off"] * bool(evidence.is_truncated)
    wrong += ["not in the form asked for"] * (evidence.is_format_ok is False)
    if wrong:
        return ", ".join(wrong)
    return missing("not known") if evidence.is_format_ok is None else "as asked"


def _seconds(milliseconds: float | None) -> str:
    return missing("not known") if milliseconds is None else seconds(milliseconds)


def _cost(evidence: ScenarioEvidence, digits: int) -> str:
    if evidence.cost_usd is None:
        return missing("price not known")
    tokens = (evidence.input_tokens, evidence.output_tokens)
    words = "" if None in tokens else f"<small>{tokens[0]:,} in, {tokens[1]:,} out</small>"
    return f"{usd(evidence.cost_usd, digits)}{words}"


def _answered(evidence: ScenarioEvidence) -> str:
    when = missing("not known") if evidence.answered_at is None else moment(evidence.answered_at)
    return (
        f"{when}<small>version {evidence.scenario_version}, {escape(evidence.scorer)} {evidence.scorer_version}</small>"
    )
