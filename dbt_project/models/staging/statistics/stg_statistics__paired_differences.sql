with source as (

    select * from {{ source('statistics', 'paired_differences') }}

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
        other_target_id,
        scenario_count,
        score_difference,
        standard_error,
        score_difference_ci95_lower,
        score_difference_ci95_upper,
        p_value,
        holm_p_value,
        compared_count,
        method as interval_method,
        scorer_versions,
        computed_at
    from source

)

select * from renamed
