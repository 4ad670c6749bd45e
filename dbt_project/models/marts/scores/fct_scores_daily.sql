{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='score_date',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'score_date', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['score_date']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

with series as (

    select
        *,
        {{ utc_date('first_hour') }} as first_date,
        {{ utc_date('last_hour') }} as last_date
    from {{ ref('int_series_spanned') }}

),

spine as (

    {{ spine_of('series', 'score_date', 'first_date', 'last_date') }}

),

-- Read twice, and cheaper so than kept aside.
resolved as not materialized (

    select
        *,
        {{ utc_date('benchmark_hour') }} as score_date
    from {{ ref('int_calls_resolved') }}
    where {{ is_within_spine('score_date') }} and {{ is_measurement() }}

),

newest_scorers as (

    select
        suite,
        suite_version,
        scenario_id,
        scenario_version,
        score_date,
        max(scorer_version) as newest_scorer_version
    from resolved
    where status = 'measured'
    group by suite, suite_version, scenario_id, scenario_version, score_date

),

calls as (

    select
        resolved.target_id,
        resolved.suite,
        resolved.suite_version,
        resolved.family,
        resolved.score_date,
        resolved.benchmark_hour,
        resolved.scenario_id,
        {{ consistent_status('resolved') }},
        resolved.attempt,
        resolved.response_status,
        resolved.cost_usd,
        resolved.input_tokens,
        resolved.output_tokens,
        resolved.latency_ms,
        resolved.time_to_first_token_ms
    from resolved
    left join newest_scorers using (suite, suite_version, scenario_id, scenario_version, score_date)

),

measures as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        score_date,
        count(distinct benchmark_hour) filter (where status = 'measured') as measured_hour_count,
        count(distinct benchmark_hour) as planned_hour_count,
        {{ call_measures() }}
    from calls
    group by grouping sets (
        (target_id, suite, suite_version, score_date, family),
        (target_id, suite, suite_version, score_date)
    )

),

intervals as (

    select
        *,
        {{ utc_date('period_start') }} as score_date
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'day'

)

select
    spine.target_id,
    spine.suite,
    spine.suite_version,
    spine.family,
    spine.score_date,
    {{ spine_status() }} as status,
    {{ spine_reason() }} as reason,
    {{ spine_counts() }},
    coalesce(measures.measured_hour_count, 0) as measured_hour_count,
    coalesce(measures.planned_hour_count, 0) as planned_hour_count,
    {{ interval_columns() }},
    {{ spine_measures() }},
    spine.is_simulated
from spine
left join measures using (target_id, suite, suite_version, family, score_date)
left join intervals using (target_id, suite, suite_version, family, score_date)
where {{ is_own_step('score_date') }}
