with source as (

    select * from {{ source('detection', 'confirmations') }}

),

renamed as (

    select
        confirmation_id,
        target_id,
        suite,
        metric,
        sign,
        signal_hour,
        onset_hour,
        is_alarm,
        scenario_ids,
        signal_effect,
        verdict,
        answer_count,
        hour_count,
        effect,
        effect_ci95_lower,
        effect_ci95_upper,
        is_simulated,
        computed_at
    from source

)

select * from renamed
