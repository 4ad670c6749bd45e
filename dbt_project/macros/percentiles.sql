{#- Observed values that 50, 90, 95 and 99% of the values do not exceed: x_(ceil(n q)), exact order statistics. -#}
{% macro percentiles_of(column, name, unit) -%}
    {%- for percent in [50, 90, 95, 99] -%}
    percentile_disc({{ percent / 100 }}) within group (order by {{ column }}) as {{ name }}_p{{ percent }}_{{ unit }}
    {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Aggregates over answers on time: how many, and how fast. Nulls are answers of which a time is not known. -#}
{% macro speed_measures() %}
    count(*) as answered_count,
    count(time_to_first_token_ms) as streamed_count,
    {{ percentiles_of('time_to_first_token_ms', 'time_to_first_token', 'ms') }},
    {{ percentiles_of('latency_ms', 'latency', 'ms') }},
    {{ percentiles_of('output_tokens_per_s', 'output_speed', 'tokens_per_s') }}
{% endmacro %}

{#- Answers on time with their speed: output tokens after the first token over the time that they took. -#}
{% macro timely_answers(condition) %}
    select
        calls.target_id,
        calls.suite,
        calls.suite_version,
        calls.family,
        calls.benchmark_hour,
        calls.is_simulated,
        calls.latency_ms,
        calls.time_to_first_token_ms,
        (responses.output_tokens - 1) * 1000
        / nullif(calls.latency_ms - calls.time_to_first_token_ms, 0) as output_tokens_per_s
    from {{ ref('int_calls_resolved') }} as calls
    inner join {{ ref('stg_collection__responses') }} as responses using (benchmark_hour, call_id, attempt)
    where
        calls.response_status = 'answered'
        and calls.status != 'late'
        and calls.{{ is_measurement() }}
        and {{ condition }}
{% endmacro %}
