{{ config(
    indexes=[{'columns': ['target_id', 'suite', 'metric', 'is_simulated'], 'unique': true}]
) }}

with streams as (

    select * from {{ ref('stg_detection__watched_streams') }}

)

select
    target_id,
    suite,
    metric,
    status,
    first_hour,
    last_hour,
    launch_value,
    detectable_effect,
    is_simulated,
    computed_at
from streams
