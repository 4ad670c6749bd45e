{{ config(
    indexes=[{'columns': ['suite', 'suite_version', 'family', 'target_id'], 'unique': true}]
) }}

select
    target_id,
    suite,
    suite_version,
    family,
    window_start,
    window_end,
    scenario_count,
    score_change,
    score_change_ci95_lower,
    score_change_ci95_upper,
    p_value,
    holm_p_value,
    compared_count,
    interval_method,
    scorer_versions,
    is_simulated
from {{ ref('stg_statistics__score_moves') }}
