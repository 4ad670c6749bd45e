with source as (

    select * from {{ source('statistics', 'standings') }}

),

renamed as (

    select
        window_name,
        window_start,
        window_end,
        suite,
        suite_version,
        family,
        is_simulated,
        target_id,
        rank_ci95_lower,
        rank_ci95_upper,
        ranked_count,
        day_count,
        score_suite_ci95_lower,
        score_suite_ci95_upper,
        computed_at
    from source

)

select * from renamed
