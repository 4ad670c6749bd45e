with source as (

    select * from {{ source('statistics', 'score_moves') }}

),

renamed as (

    select
        window_start,
        window_end,
        suite,
        suite_version,
        family,
        is_simulated,
        target_id,
        scenario_count,
        score_change,
        score_change_ci95_lower,
        score_change_ci95_upper,
        p_value,
        holm_p_value,
        compared_count,
        method as interval_method,
        scorer_versions,
        computed_at
    from source

)

select * from renamed
