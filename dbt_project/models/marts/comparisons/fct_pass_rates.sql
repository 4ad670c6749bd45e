{{ config(
    indexes=[
        {
            'columns': ['window_name', 'family', 'target_id', 'attempt_count', 'suite', 'suite_version'],
            'unique': true
        }
    ]
) }}

select
    target_id,
    suite,
    suite_version,
    family,
    window_name,
    window_start,
    window_end,
    attempt_count,
    scenario_count,
    pass_at_k_rate,
    pass_at_k_ci95_lower,
    pass_at_k_ci95_upper,
    pass_hat_k_rate,
    pass_hat_k_ci95_lower,
    pass_hat_k_ci95_upper,
    scorer_versions,
    is_simulated
from {{ ref('stg_statistics__pass_rates') }}
