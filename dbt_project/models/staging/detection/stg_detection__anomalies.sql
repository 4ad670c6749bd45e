with source as (

    select * from {{ source('detection', 'anomalies') }}

),

renamed as (

    select
        anomaly_id,
        revision,
        target_id,
        suite,
        suite_version,
        metric,
        sign,
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
        before_answer_count,
        after_answer_count,
        effect,
        effect_ci95_lower,
        effect_ci95_upper,
        detectable_effect,
        statistic,
        is_of_single_scenarios,
        responsible_scenarios,
        cause,
        evidence,
        incident_id,
        verdict,
        confirming_answer_count,
        confirming_effect,
        confirming_effect_ci95_lower,
        confirming_effect_ci95_upper,
        is_simulated,
        computed_at
    from source

)

select * from renamed
