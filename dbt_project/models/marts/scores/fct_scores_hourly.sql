{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'benchmark_hour', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['benchmark_hour']},
    ],
    post_hook=['{{ index_unbuilt_hours() }}', '{{ analyze_new_table() }}'],
    meta={'is_spine': true}
) }}

with series as (

    select * from {{ ref('int_series_spanned') }}

),

spine as (

    {{ spine_of('series', 'benchmark_hour', 'first_hour', 'last_hour') }}

),

calls as (

    select * from {{ ref('int_calls_resolved') }}
    where {{ is_within_spine('benchmark_hour') }} and {{ is_measurement() }}

),

measures as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        benchmark_hour,
        {{ call_measures() }},
        {{ median_of_timely('latency_ms') }} as latency_p50_ms,
        {{ median_of_timely('time_to_first_token_ms') }} as time_to_first_token_p50_ms
    from calls
    group by grouping sets (
        (target_id, suite, suite_version, benchmark_hour, family),
        (target_id, suite, suite_version, benchmark_hour)
    )

),

unbuilt as (

    {{ unbuilt_calls('benchmark_hour') }}

),

intervals as (

    select
        *,
        period_start as benchmark_hour
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'hour' and period_name = '' and {{ is_within_spine('benchmark_hour', 'period_start') }}

)

select
    spine.target_id,
    spine.suite,
    spine.suite_version,
    spine.family,
    spine.benchmark_hour,
    {{ spine_status() }} as status,
    {{ spine_reason('benchmark_hour') }} as reason,
    {{ spine_counts('benchmark_hour') }},
    {{ interval_columns() }},
    {{ spine_measures() }},
    spine.is_simulated
from spine
left join measures using (target_id, suite, suite_version, family, benchmark_hour)
left join intervals using (target_id, suite, suite_version, family, benchmark_hour)
where {{ is_own_step('benchmark_hour') }}
