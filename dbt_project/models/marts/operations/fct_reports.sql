{{ config(materialized='view') }}

-- A view: a report is there as soon as it is written, which is after the hour was built.
select
    report_id,
    kind,
    period_start,
    period_end,
    suite_versions,
    as_of,
    body,
    computed_at
from {{ ref('stg_collection__reports') }}
