{{ config(indexes=[{'columns': ['subscription_id', 'stopped_at'], 'unique': true}]) }}

with stops as (

    select * from {{ ref('stg_detection__subscription_stops') }}

)

select
    subscription_id,
    stopped_at,
    reason
from stops
