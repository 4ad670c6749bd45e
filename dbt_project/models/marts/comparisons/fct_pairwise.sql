{{ config(
    indexes=[
        {
            'columns': ['window_name', 'family', 'target_id', 'other_target_id', 'suite', 'suite_version'],
            'unique': true
        }
    ]
) }}

select
    suite,
    suite_version,
    family,
    window_name,
    window_start,
    window_end,
    target_id,
    other_target_id,
    scenario_count,
    score_difference,
    score_difference_ci95_lower,
    score_difference_ci95_upper,
    p_value,
    holm_p_value,
    compared_count,
    interval_method,
    scorer_versions,
    is_simulated
from {{ ref('stg_statistics__paired_differences') }}
