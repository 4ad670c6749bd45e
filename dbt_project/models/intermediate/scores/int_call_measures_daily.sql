{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='measure_date',
    on_schema_change='fail',
    indexes=[{'columns': ['measure_date', 'suite', 'suite_version']}],
    post_hook='{{ analyze_new_table() }}'
) }}

-- Sums and sorted values, so that days and windows need not look at the calls again.
with span as (

    select
        min(first_hour) as first_hour,
        max(last_hour) as last_hour
    from {{ ref('int_suites_spanned') }}

),

dates as (

    select steps.moment::date as measure_date
    from span
    cross join
        lateral
        generate_series(
            {{ utc_date('span.first_hour') }}::timestamp, {{ utc_date('span.last_hour') }}::timestamp, interval '1 day'
        ) as steps (moment)

)

-- One day at a time, so that there is never much to sort.
select
    measures.target_id,
    measures.suite,
    measures.suite_version,
    measures.family,
    dates.measure_date,
    measures.answered_count,
    measures.failed_count,
    measures.priced_count,
    measures.answer_cost_usd,
    measures.latencies_ms,
    measures.times_to_first_token_ms,
    measures.output_speeds_tokens_per_s,
    measures.is_simulated
from dates
cross join
    lateral (
        select
            calls.target_id,
            calls.suite,
            calls.suite_version,
            coalesce(calls.family, 'all') as family,
            {{ answer_measures() }},
            {{ sorted_values(output_speed()) }} as output_speeds_tokens_per_s
        from {{ ref('int_calls_resolved') }} as calls
        where
            calls.benchmark_hour >= dates.measure_date::timestamp at time zone 'UTC'
            and calls.benchmark_hour < (dates.measure_date + 1)::timestamp at time zone 'UTC'
            and calls.{{ is_measurement() }}
        group by grouping sets (
            (calls.target_id, calls.suite, calls.suite_version, calls.family),
            (calls.target_id, calls.suite, calls.suite_version)
        )
    ) as measures
where {{ is_touched('dates.measure_date') }}
