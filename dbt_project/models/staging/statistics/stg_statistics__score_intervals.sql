with source as (

    select * from {{ source('statistics', 'score_intervals') }}

),

renamed as (

    select
        grain,
        period_name,
        period_start,
        target_id,
        suite,
        suite_version,
        family,
        score_mean,
        score_sd,
        response_count,
        scenario_count,
        standard_error,
        degrees_of_freedom,
        score_ci95_lower,
        score_ci95_upper,
        method as interval_method,
        scorer_versions,
        computed_at
    from source

)

select * from renamed
