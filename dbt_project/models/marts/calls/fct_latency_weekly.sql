{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='latency_week',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'latency_week', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['latency_week']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}
{%- set key = 'target_id, suite, suite_version, family, latency_week' %}
{%- set percents = [50, 90, 95, 99] %}
{%- set measures = {
    'time_to_first_token': ('times_to_first_token_ms', 'ms'),
    'latency': ('latencies_ms', 'ms'),
    'output_speed': ('output_speeds_tokens_per_s', 'tokens_per_s'),
} %}

with days as (

    select
        *,
        date_trunc('week', measure_date::timestamp)::date as latency_week
    from {{ ref('int_call_measures_daily') }}
    where answered_count > 0 and {{ is_in_touched_weeks('measure_date') }}

),

weeks as (

    select
        target_id,
        suite,
        suite_version,
        family,
        latency_week,
        sum(answered_count)::bigint as answered_count,
        bool_or(is_simulated) as is_simulated
    from days
    group by target_id, suite, suite_version, family, latency_week

),

{%- for name, (values, _) in measures.items() %}

{{ name }} as (

    {{ percentiles_of_parts('days', values, percents, key) }}

){{ ',' if not loop.last }}
{%- endfor %}

select
    weeks.target_id,
    weeks.suite,
    weeks.suite_version,
    weeks.family,
    weeks.latency_week,
    weeks.answered_count,
    coalesce(time_to_first_token.value_count, 0)::bigint as streamed_count,
    {%- for name, (_, unit) in measures.items() %}
    {%- for percent in percents %}
    {{ name }}.p{{ percent }} as {{ name }}_p{{ percent }}_{{ unit }},
    {%- endfor %}
    {%- endfor %}
    weeks.is_simulated
from
    weeks
{%- for name in measures %}
left join {{ name }} using ({{ key }})
{%- endfor %}
