{{ config(
    indexes=[
        {'columns': ['suite', 'suite_version', 'scenario_id', 'scenario_version'], 'unique': true},
        {'columns': ['scenario_id']},
    ]
) }}

select
    suite,
    suite_version,
    cadence,
    scenario_id,
    scenario_version,
    recorded_at,
    suite_version = max(suite_version) over (partition by suite) as is_current
from {{ ref('stg_catalog__suites') }}
