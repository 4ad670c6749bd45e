with source as (

    select * from {{ source('statistics', 'cutoff_gaps') }}

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
        reference_count,
        before_count as before_cutoff_count,
        after_count as after_cutoff_count,
        gap_mean as cutoff_gap_mean,
        gap_ci95_lower as cutoff_gap_ci95_lower,
        gap_ci95_upper as cutoff_gap_ci95_upper,
        p_value as cutoff_gap_p_value,
        holm_p_value as cutoff_gap_holm_p_value,
        tested_count,
        computed_at
    from source

)

select * from renamed
