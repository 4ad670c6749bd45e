{#- One row per target, suite, scenario version, variant and UTC hour, of the calls that satisfy `condition`. A late call
    says nothing of its hour, and what a budget or the plan left out is no failure of the target. -#}
{% macro cells_of(condition) -%}
with calls as (

    select * from {{ ref('int_calls_resolved') }}
    where {{ condition }}

),

cells as (

    select
        target_id,
        suite,
        is_simulated,
        benchmark_hour,
        scenario_id,
        suite_version,
        scenario_version,
        variant_seed,
        count(*) filter (where {{ is_timely_answer() }}) as answered_count,
        count(*) filter (where response_status = 'failed' and status != 'late') as failed_count,
        count(*) filter (where status = 'measured') as scored_count,
        (avg(score) filter (where status = 'measured'))::double precision as score_mean,
        {{ median_of_timely('latency_ms') }} as latency_p50_ms,
        {{ median_of_timely('time_to_first_token_ms') }} as time_to_first_token_p50_ms,
        (avg(answer_cost_usd) filter (where {{ is_timely_answer() }}))::double precision as cost_mean_usd,
        max(scorer) filter (where status = 'measured') as scorer,
        max(scorer_version) filter (where status = 'measured') as scorer_version
    from calls
    group by
        target_id, suite, is_simulated, benchmark_hour, scenario_id, suite_version, scenario_version, variant_seed

)

select * from cells
where answered_count + failed_count > 0
{%- endmacro %}
