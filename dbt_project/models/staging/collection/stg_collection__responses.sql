with source as (

    select * from {{ source('collection', 'responses') }}

),

renamed as (

    select
        benchmark_hour,
        call_id,
        attempt,
        target_id,
        scenario_id,
        scenario_version,
        variant_seed,
        sample_index,
        is_simulated,
        is_late,
        status as response_status,
        error_code,
        try_count,
        served_model,
        system_fingerprint,
        finish_reason,
        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        output_tokens,
        reasoning_tokens,
        time_to_first_token_ms,
        latency_ms,
        price_id,
        cost_usd,
        reported_cost_usd,
        scheduled_for as scheduled_at,
        started_at,
        finished_at
    from source

)

select * from renamed
