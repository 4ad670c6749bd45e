{{ config(
    indexes=[{'columns': ['horizon_day_count', 'family', 'target_id'], 'unique': true}]
) }}

select
    target_id,
    family,
    horizon_day_count,
    first_date,
    last_date,
    day_count,
    answered_count,
    cost_per_task_usd,
    cost_per_task_ci95_lower,
    cost_per_task_ci95_upper,
    input_tokens_per_task,
    output_tokens_per_task,
    suite_versions,
    is_simulated,
    computed_at
from {{ ref('stg_statistics__cost_projections') }}
