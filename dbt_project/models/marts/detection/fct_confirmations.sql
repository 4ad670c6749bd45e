{{ config(
    indexes=[
        {'columns': ['confirmation_id'], 'unique': true},
        {'columns': ['target_id', 'signal_hour']},
    ]
) }}

with confirmations as (

    select * from {{ ref('stg_detection__confirmations') }}

)

select
    confirmation_id,
    target_id,
    suite,
    metric,
    case when sign > 0 then 'up' else 'down' end as direction,
    signal_hour,
    onset_hour,
    is_alarm,
    signal_effect,
    verdict,
    answer_count,
    hour_count,
    effect,
    effect_ci95_lower,
    effect_ci95_upper,
    is_simulated,
    computed_at
from confirmations
