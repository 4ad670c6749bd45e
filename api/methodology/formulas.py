"""The formulas behind the published numbers, and the detector's version.

Not here: their code; docs/methodology.md says where it is, and why it is so.
"""

from __future__ import annotations

from dataclasses import dataclass

DETECTOR_VERSION = 3
"""Of the detector that this release publishes the anomalies of."""


@dataclass(frozen=True, slots=True)
class StatedFormula:
    """One formula; `version` rises with every change that can change a number."""

    name: str
    version: int
    fields: tuple[str, ...]
    statement: str
    source: str


FORMULAS = (
    StatedFormula(
        "score",
        1,
        ("score", "solved_count"),
        "10 x (weights of the passed checks) / (all weights). A failed call has no score; a fault of ours gives none.",
        "docs/methodology.md, The score",
    ),
    StatedFormula(
        "mean_for_tasks_like_these",
        1,
        ("score_mean", "score_sd", "score_ci95_lower", "score_ci95_upper", "scored_count", "scenario_count"),
        "mean = sum W_h m_h; SE^2 = sum W_h^2 v_h / S_h; mean +- t(0.975, df) SE with Satterthwaite's df. Scenarios "
        "are clusters, families strata.",
        "Miller 2024, arXiv 2411.00640; Satterthwaite 1946",
    ),
    StatedFormula(
        "mean_on_exactly_these_tasks",
        1,
        ("score_suite_ci95_lower", "score_suite_ci95_upper"),
        "SE^2 = sum e_d^2 / ((D - 1) D); mean +- t(0.975, D - 1) SE. Days are clusters.",
        "docs/methodology.md, Means and intervals",
    ),
    StatedFormula(
        "share_on_other_days",
        1,
        ("error_rate", "error_rate_ci95_lower", "error_rate_ci95_upper"),
        "v = D / (D - 1) sum (a_d - p n_d)^2 / N^2; Wilson's bounds with n* = p (1 - p) / v calls, at most N, and "
        "t(0.975, D - 1). Days are clusters.",
        "Cochran 1977, chapter 6; Korn and Graubard 1998; Wilson 1927",
    ),
    StatedFormula(
        "percentile_on_other_days",
        1,
        (
            "latency_p50_ci95_lower",
            "latency_p50_ci95_upper",
            "latency_p95_ci95_lower",
            "latency_p95_ci95_upper",
            "time_to_first_token_p50_ci95_lower",
            "time_to_first_token_p50_ci95_upper",
            "time_to_first_token_p95_ci95_lower",
            "time_to_first_token_p95_ci95_upper",
        ),
        "Observed times of ranks floor(N lower) and ceil(N upper), of the bounds of the share of values up to the "
        "percentile. Days are clusters.",
        "Woodruff 1952; Korn and Graubard 1998",
    ),
    StatedFormula(
        "mean_cost_on_other_days",
        1,
        ("cost_per_task_usd", "cost_per_task_ci95_lower", "cost_per_task_ci95_upper"),
        "R = sum c_d / N; SE^2 = D / (D - 1) sum (c_d - R n_d)^2 / N^2; R exp(+- t(0.975, D - 1) SE / R). Days are "
        "clusters.",
        "Cochran 1977, chapter 6",
    ),
    StatedFormula(
        "paired_difference",
        1,
        (
            "score_difference",
            "score_difference_ci95_lower",
            "score_difference_ci95_upper",
            "score_change_7d",
            "score_change_7d_ci95_lower",
            "score_change_7d_ci95_upper",
            "p_value",
        ),
        "d_s = x_1s - x_2s; mean +- t(0.975, S - 1) sd(d) / sqrt(S). p by all sign flips up to 12 scenarios, of the t "
        "statistic beyond.",
        "Miller 2024, section 4; Fisher 1935",
    ),
    StatedFormula(
        "holm_adjustment",
        1,
        ("holm_p_value", "score_change_7d_holm_p_value", "is_score_change_7d_significant"),
        "Step-down over all comparisons of a set: those below 0.05 hold together at 95%.",
        "Holm 1979",
    ),
    StatedFormula(
        "rank_range",
        1,
        ("rank_ci95_lower", "rank_ci95_upper", "ranked_count"),
        "[1 + #{k: t_jk < -c_j}, K - #{k: t_jk > c_j}], c_j the 95% quantile of the studentised bootstrap's maximum.",
        "Mogstad, Romano, Shaikh and Wilhelm 2024",
    ),
    StatedFormula(
        "pass_at_k",
        1,
        ("pass_at_k_rate", "pass_at_k_ci95_lower", "pass_at_k_ci95_upper", "attempt_count"),
        "1 - C(n - c, k) / C(n, k), mean over scenarios; t(S - 1) on the logit scale.",
        "Chen et al. 2021, arXiv 2107.03374",
    ),
    StatedFormula(
        "pass_hat_k",
        1,
        ("pass_hat_k_rate", "pass_hat_k_ci95_lower", "pass_hat_k_ci95_upper", "attempt_count"),
        "C(c, k) / C(n, k), mean over scenarios; t(S - 1) on the logit scale.",
        "Yao et al. 2024, arXiv 2406.12045",
    ),
    StatedFormula(
        "preliminary",
        1,
        ("is_preliminary", "scenario_count", "measured_hour_count"),
        "Fewer than 3 scenarios, fewer than 24 hours with a score on time, or no interval.",
        "docs/methodology.md, Windows and the leaderboard",
    ),
    StatedFormula(
        "latency",
        1,
        ("latency_p50_ms", "latency_p90_ms", "latency_p95_ms", "latency_p99_ms"),
        "Of the last try, from the request's last byte going out to the answer's last byte coming in; answers on time. "
        "p50 is the median, pq the value x_(ceil(n q)).",
        "docs/methodology.md, From plan to answer",
    ),
    StatedFormula(
        "first_token",
        1,
        (
            "time_to_first_token_p50_ms",
            "time_to_first_token_p90_ms",
            "time_to_first_token_p95_ms",
            "time_to_first_token_p99_ms",
            "streamed_count",
        ),
        "As latency, to the first byte of text, thought or tool call; of answers that were streamed.",
        "docs/methodology.md, From plan to answer",
    ),
    StatedFormula(
        "error_rate",
        1,
        ("error_rate", "failed_count", "asked_count", "response_count"),
        "Failed calls / (failed + answered) of those made on time. What was not asked is in neither.",
        "docs/methodology.md, Windows and the leaderboard",
    ),
    StatedFormula(
        "first_try",
        1,
        ("first_try_rate", "first_try_count", "asked_count"),
        "Calls answered at the first request / calls made on time.",
        "docs/methodology.md, From plan to answer",
    ),
    StatedFormula(
        "coverage",
        1,
        ("planned_count", "answered_count", "late_count", "planned_hour_count", "measured_hour_count"),
        "Calls answered on time / calls planned; an hour counts as measured with one score on time. Late and missing "
        "calls stay in the plan.",
        "docs/methodology.md, The spine, gaps and late hours",
    ),
    StatedFormula(
        "baseline",
        1,
        ("baseline_score_mean",),
        "Mean of the 7 UTC days before the day on which the period begins, by the same scorers; at least 3 of them.",
        "docs/methodology.md, When something changed",
    ),
    StatedFormula(
        "launch_level",
        1,
        ("launch_score_mean",),
        "Mean of what each scenario version gave in its first 14 days; it stays, and changes are told against it.",
        "docs/methodology.md, When something changed",
    ),
    StatedFormula(
        "price",
        1,
        ("input_usd_per_mtok", "output_usd_per_mtok", "price_valid_from"),
        "USD per million tokens, from the dated price row that holds now; a later price never rewrites a cost.",
        "docs/methodology.md, Cost",
    ),
    StatedFormula(
        "cost_per_task",
        1,
        ("cost_per_task_usd", "priced_count"),
        "Sum of the costs of answers on time / answers with a known cost; each at the price that held when it ran.",
        "docs/methodology.md, Cost",
    ),
    StatedFormula(
        "cost_per_solved_task",
        1,
        ("cost_per_solved_task_usd", "solved_count"),
        "Sum of the costs of answers on time / answers with the full score; unknown where any cost is, or none has it.",
        "docs/methodology.md, Windows and the leaderboard",
    ),
    StatedFormula(
        "cost_projection",
        1,
        ("cost_ci95_lower", "cost_ci95_upper", "cost_per_task_usd"),
        "Means of the days of the week +- t_df s_r sqrt(g(H) + g(n)), residuals autocorrelated by phi; families' "
        "bounds are added.",
        "docs/methodology.md, Cost",
    ),
    StatedFormula(
        "anomaly",
        DETECTOR_VERSION,
        ("before_value", "after_value", "effect", "detectable_effect", "severity"),
        "Z_k = (m_k - m_ref) / sqrt(V_k + V_ref) over the last 2 to 168 hours, alarm at 4.75; single scenarios by "
        "betting Shiryaev-Roberts tests.",
        "Siegmund and Venkatraman 1995; Shin, Ramdas and Rinaldo 2023",
    ),
)
