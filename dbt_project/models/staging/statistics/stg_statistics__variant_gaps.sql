with source as (

    select * from {{ source('statistics', 'variant_gaps') }}

),

renamed as (

    select
        window_name,
        window_start,
        target_id,
        suite,
        suite_version,
        family,
        scenario_count,
        gap_mean,
        gap_ci95_lower,
        gap_ci95_upper,
        method as interval_method,
        p_value as gap_p_value,
        holm_p_value as gap_holm_p_value,
        tested_count,
        computed_at
    from source

)

select * from renamed
