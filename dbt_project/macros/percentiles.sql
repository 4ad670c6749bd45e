{#- Observed values that 50, 90, 95 and 99% of the values do not exceed: x_(ceil(n q)), exact order statistics. -#}
{% macro percentiles_of(column, name, unit) -%}
    {%- for percent in [50, 90, 95, 99] -%}
    percentile_disc({{ percent / 100 }}) within group (order by {{ column }}) as {{ name }}_p{{ percent }}_{{ unit }}
    {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The same of an array that is sorted. -#}
{% macro percentiles_of_sorted(values, name, unit) -%}
    {%- for percent in [50, 90, 95, 99] -%}
    {{ values }}[{{ share_rank(percent, 'cardinality(' ~ values ~ ')') }}] as {{ name }}_p{{ percent }}_{{ unit }}
    {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro median_of_sorted(values) -%} {{ values }}[{{ share_rank(50, 'cardinality(' ~ values ~ ')') }}] {%- endmacro %}

{#- The rank of the value that so many percent of all do not exceed. -#}
{% macro share_rank(percent, count) -%}
    ceil({{ percent / 100 }}::double precision * {{ count }})::integer
{%- endmacro %}

{#- Values of a column that answers on time have, in their order; null without any. -#}
{% macro sorted_values(column) -%}
    array_agg({{ column }} order by {{ column }}) filter (where {{ is_timely_answer() }} and {{ column }} is not null)
{%- endmacro %}

{#- Output tokens of an answer after its first token over the time that they took. -#}
{% macro output_speed() -%}
    (answer_output_tokens - 1) * 1000 / nullif(latency_ms - time_to_first_token_ms, 0)
{%- endmacro %}

{#- Aggregates over calls of which those of several days can be told: sums, and the sorted times of answers. -#}
{% macro answer_measures() %}
    count(*) filter (where {{ is_timely_answer() }}) as answered_count,
    count(*) filter (where response_status = 'failed' and status != 'late' and try_count > 0) as failed_count,
    count(answer_cost_usd) filter (where {{ is_timely_answer() }}) as priced_count,
    sum(answer_cost_usd) filter (where {{ is_timely_answer() }}) as answer_cost_usd,
    {{ sorted_values('latency_ms') }} as latencies_ms,
    {{ sorted_values('time_to_first_token_ms') }} as times_to_first_token_ms,
    bool_or(is_simulated) as is_simulated
{% endmacro %}

{#- p50 and p95 of each table named, with their intervals. -#}
{% macro time_columns(names) -%}
    {%- for name in names -%}
    {%- set is_last_name = loop.last -%}
    {%- for percent in ['p50', 'p95'] -%}
    {{ name }}.{{ percent }} as {{ name }}_{{ percent }}_ms,
    {{ name }}.{{ percent }}_lower as {{ name }}_{{ percent }}_ci95_lower,
    {{ name }}.{{ percent }}_upper as {{ name }}_{{ percent }}_ci95_upper
    {{- ',\n    ' if not (loop.last and is_last_name) }}
    {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
