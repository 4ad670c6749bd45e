{{ config(materialized='view') }}

-- A view: an event is written when the tables that it tells of are built.
select
    event_number,
    topic,
    kind,
    subject,
    content,
    is_simulated,
    recorded_at
from {{ ref('stg_publication__events') }}
