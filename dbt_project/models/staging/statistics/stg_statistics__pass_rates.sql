with source as (

    select * from {{ source('statistics', 'pass_rates') }}

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
        attempt_count,
        scenario_count,
        pass_at_k_rate,
        pass_at_k_ci95_lower,
        pass_at_k_ci95_upper,
        pass_hat_k_rate,
        pass_hat_k_ci95_lower,
        pass_hat_k_ci95_upper,
        scorer_versions,
        computed_at
    from source

)

select * from renamed
