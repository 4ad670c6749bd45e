with source as (

    select * from {{ source('collection', 'planned_calls') }}

),

renamed as (

    select
        benchmark_hour,
        call_id,
        suite,
        suite_version,
        target_id,
        scenario_id,
        scenario_version,
        variant_seed,
        sample_index,
        is_simulated,
        status as plan_status,
        reason as plan_reason,
        planned_at
    from source

)

select * from renamed
