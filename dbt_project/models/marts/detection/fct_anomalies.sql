{{ config(
    indexes=[
        {'columns': ['anomaly_id'], 'unique': true},
        {'columns': ['target_id', 'raised_hour']},
    ]
) }}

with revisions as (

    select * from {{ ref('stg_detection__anomalies') }}

),

answers as (

    select * from {{ ref('stg_detection__alert_feedback') }}

),

newest as (

    select distinct on (anomaly_id) *
    from revisions
    order by anomaly_id asc, revision desc

),

matters as (

    select
        anomaly_id,
        anomaly_id as matter_id
    from newest
    union distinct
    select
        anomaly_id,
        incident_id as matter_id
    from revisions
    where incident_id is not null

),

feedback as (

    select
        matters.anomaly_id,
        count(*) filter (where answers.kind = 'acknowledged') as acknowledged_count,
        count(*) filter (where answers.kind = 'false_alarm') as false_alarm_count,
        count(*) filter (where answers.note is not null) as note_count
    from matters
    inner join answers on matters.matter_id = answers.anomaly_id
    group by matters.anomaly_id

)

select
    newest.anomaly_id,
    newest.revision,
    newest.target_id,
    newest.suite,
    newest.suite_version,
    newest.metric,
    case when newest.sign > 0 then 'up' else 'down' end as direction,
    (newest.sign < 0) = (newest.metric = 'quality') as is_worse,
    newest.state,
    newest.severity,
    newest.is_final,
    newest.raised_hour,
    newest.onset_hour,
    newest.onset_earliest_hour,
    newest.onset_latest_hour,
    newest.resolved_hour,
    newest.accepted_hour,
    newest.before_value,
    newest.before_ci95_lower,
    newest.before_ci95_upper,
    newest.after_value,
    newest.after_ci95_lower,
    newest.after_ci95_upper,
    newest.before_answer_count,
    newest.after_answer_count,
    newest.effect,
    newest.effect_ci95_lower,
    newest.effect_ci95_upper,
    newest.detectable_effect,
    newest.is_of_single_scenarios,
    newest.responsible_scenarios,
    newest.cause,
    newest.evidence,
    newest.incident_id,
    newest.verdict,
    newest.confirming_answer_count,
    newest.confirming_effect,
    newest.confirming_effect_ci95_lower,
    newest.confirming_effect_ci95_upper,
    newest.is_simulated,
    newest.computed_at,
    coalesce(feedback.acknowledged_count, 0) as acknowledged_count,
    coalesce(feedback.false_alarm_count, 0) as false_alarm_count,
    coalesce(feedback.note_count, 0) as note_count
from newest
left join feedback on newest.anomaly_id = feedback.anomaly_id
