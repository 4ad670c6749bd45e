with source as (

    select * from {{ source('collection', 'runs') }}

),

renamed as (

    select
        run_id,
        job,
        first_hour as first_benchmark_hour,
        last_hour as last_benchmark_hour,
        status,
        requested_at,
        started_at,
        ended_at,
        recorded_at as seen_at
    from source

)

select * from renamed
