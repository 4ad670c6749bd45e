{{ config(materialized='view') }}

-- A view: a run's end is told as soon as it is seen, not only when an hour was built.
select
    run_id,
    job,
    first_benchmark_hour,
    last_benchmark_hour,
    status,
    requested_at,
    started_at,
    ended_at,
    seen_at
from {{ ref('stg_collection__runs') }}
