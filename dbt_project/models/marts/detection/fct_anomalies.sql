{{ config(
    indexes=[
        {'columns': ['anomaly_id'], 'unique': true},
        {'columns': ['target_id', 'raised_hour']},
    ]
) }}

with revisions as (

    select * from {{ ref('stg_detection__anomalies') }}

),

newest as (

    select distinct on (anomaly_id) *
    from revisions
    order by anomaly_id asc, revision desc

)

select
    anomaly_id,
    revision,
    target_id,
    suite,
    metric,
    case when sign > 0 then 'up' else 'down' end as direction,
    (sign < 0) = (metric = 'quality') as is_worse,
    state,
    severity,
    is_final,
    raised_hour,
    onset_hour,
    onset_earliest_hour,
    onset_latest_hour,
    resolved_hour,
    accepted_hour,
    before_value,
    before_ci95_lower,
    before_ci95_upper,
    after_value,
    after_ci95_lower,
    after_ci95_upper,
    effect,
    effect_ci95_lower,
    effect_ci95_upper,
    detectable_effect,
    is_of_single_scenarios,
    responsible_scenarios,
    cause,
    evidence,
    incident_id,
    is_simulated,
    computed_at
from newest
