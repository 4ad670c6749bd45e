{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='score_date',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'score_date', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['score_date']},
    ],
    post_hook='{{ analyze_new_table() }}',
    meta={'is_spine': true}
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

days as (

    select
        *,
        scorer_version = max(scorer_version) over (
            partition by score_date, suite, suite_version, scenario_id, scenario_version
        ) as is_counted
    from {{ ref('int_scenario_scores_daily') }}
    where scored_count > 0 and {{ is_date_within_spine('score_date', 'score_date') }}

),

scenarios as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        score_date,
        count(distinct scenario_id) as scenario_count
    from days
    where is_counted
    group by grouping sets (
        (target_id, suite, suite_version, score_date, family),
        (target_id, suite, suite_version, score_date)
    )

),

newest_scorers as (

    select distinct
        suite,
        suite_version,
        scenario_id,
        scenario_version,
        score_date,
        scorer_version as newest_scorer_version
    from days
    where is_counted

),

resolved as (

    select
        *,
        {{ utc_date('benchmark_hour') }} as score_date,
        {{ hour_bit('benchmark_hour') }} as hour_bit
    from {{ ref('int_calls_resolved') }}
    where {{ is_within_spine('score_date') }} and {{ is_measurement() }}

),

calls as (

    select
        resolved.target_id,
        resolved.suite,
        resolved.suite_version,
        resolved.family,
        resolved.score_date,
        resolved.hour_bit,
        {{ consistent_status('resolved') }},
        resolved.attempt,
        resolved.response_status,
        resolved.cost_usd,
        resolved.input_tokens,
        resolved.output_tokens
    from resolved
    left join newest_scorers using (suite, suite_version, scenario_id, scenario_version, score_date)

),

reasons as (

    select
        target_id,
        suite,
        suite_version,
        family,
        score_date,
        reason,
        count(*) as call_count,
        count(*) filter (where response_status = 'answered') as answered_count,
        count(*) filter (where response_status = 'failed') as failed_count,
        count(*) filter (where status = 'late') as late_count,
        count(*) filter (where status = 'measured') as scored_count,
        bit_or(hour_bit) as planned_hours,
        bit_or(hour_bit) filter (where status = 'measured') as measured_hours,
        sum(cost_usd) as cost_usd,
        count(*) filter (where attempt is not null and cost_usd is null) as unknown_cost_usd_count,
        sum(input_tokens) as input_tokens,
        count(*) filter (where attempt is not null and input_tokens is null) as unknown_input_tokens_count,
        sum(output_tokens) as output_tokens,
        count(*) filter (where attempt is not null and output_tokens is null) as unknown_output_tokens_count
    from calls
    group by target_id, suite, suite_version, family, score_date, reason

),

sums as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        score_date,
        sum(call_count)::bigint as planned_count,
        sum(answered_count)::bigint as answered_count,
        sum(failed_count)::bigint as failed_count,
        sum(late_count)::bigint as late_count,
        sum(scored_count)::bigint as scored_count,
        {{ hour_count('bit_or(planned_hours)') }} as planned_hour_count,
        {{ hour_count('bit_or(measured_hours)') }} as measured_hour_count,
        case when sum(unknown_cost_usd_count) = 0 then sum(cost_usd) end as cost_usd,
        case when sum(unknown_input_tokens_count) = 0 then sum(input_tokens) end as input_tokens,
        case when sum(unknown_output_tokens_count) = 0 then sum(output_tokens) end as output_tokens
    from reasons
    group by grouping sets (
        (target_id, suite, suite_version, score_date, family),
        (target_id, suite, suite_version, score_date)
    )

),

reason_counts as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        score_date,
        reason,
        sum(call_count) as call_count
    from reasons
    where reason is not null
    group by grouping sets (
        (target_id, suite, suite_version, score_date, family, reason),
        (target_id, suite, suite_version, score_date, reason)
    )

),

usual_reasons as (

    select distinct on (target_id, suite, suite_version, family, score_date)
        target_id,
        suite,
        suite_version,
        family,
        score_date,
        reason as usual_reason
    from reason_counts
    order by
        target_id asc, suite asc, suite_version asc, family asc, score_date asc, call_count desc, reason collate "C" asc

),

times as (

    select
        target_id,
        suite,
        suite_version,
        family,
        measure_date as score_date,
        {{ median_of_sorted('latencies_ms') }} as latency_p50_ms,
        {{ median_of_sorted('times_to_first_token_ms') }} as time_to_first_token_p50_ms
    from {{ ref('int_call_measures_daily') }}
    where {{ is_date_within_spine('measure_date', 'score_date') }}

),

measures as (

    select
        sums.target_id,
        sums.suite,
        sums.suite_version,
        sums.family,
        sums.score_date,
        sums.planned_count,
        sums.answered_count,
        sums.failed_count,
        sums.late_count,
        sums.scored_count,
        coalesce(scenarios.scenario_count, 0) as scenario_count,
        usual_reasons.usual_reason,
        coalesce(sums.measured_hour_count, 0) as measured_hour_count,
        sums.planned_hour_count,
        sums.cost_usd::numeric(18, 9) as cost_usd,
        sums.input_tokens::bigint as input_tokens,
        sums.output_tokens::bigint as output_tokens,
        times.latency_p50_ms,
        times.time_to_first_token_p50_ms
    from sums
    left join scenarios using (target_id, suite, suite_version, family, score_date)
    left join usual_reasons using (target_id, suite, suite_version, family, score_date)
    left join times using (target_id, suite, suite_version, family, score_date)

),

unbuilt as (

    {{ unbuilt_calls('score_date') }}

),

intervals as (

    select
        *,
        {{ utc_date('period_start') }} as score_date
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'day' and period_name = '' and {{ is_within_spine('score_date', 'period_start') }}

)

select
    spine.target_id,
    spine.suite,
    spine.suite_version,
    spine.family,
    spine.score_date,
    {{ spine_status() }} as status,
    {{ spine_reason('score_date') }} as reason,
    {{ spine_counts('score_date') }},
    coalesce(measures.measured_hour_count, 0) as measured_hour_count,
    coalesce(measures.planned_hour_count, 0) as planned_hour_count,
    {{ interval_columns() }},
    {{ spine_measures() }},
    spine.is_simulated
from spine
left join measures using (target_id, suite, suite_version, family, score_date)
left join intervals using (target_id, suite, suite_version, family, score_date)
where {{ is_own_step('score_date') }}
