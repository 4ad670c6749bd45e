with source as (

    select * from {{ source('scoring', 'scores') }}

),

renamed as (

    select
        benchmark_hour,
        call_id,
        attempt,
        scorer,
        scorer_version,
        grading_attempt,
        -- Exact, so that sums of scores do not depend on the order in which they are added.
        score::numeric(6, 4) as score,
        reason as score_reason,
        outcome,
        is_refusal,
        is_truncated,
        is_format_ok,
        tool_call_count,
        valid_tool_call_count,
        reference_overlap,
        has_canary,
        sandbox_level,
        checks_id,
        wall_ms,
        peak_memory_kb,
        graded_at
    from source

)

select * from renamed
