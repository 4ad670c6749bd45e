{#- The sum of a column, or null when a row that satisfies `needed` does not know it: a partial sum is no sum. -#}
{% macro known_sum(column, needed) -%}
    case
        when count(*) filter (where {{ needed }} and {{ column }} is null) = 0 then sum({{ column }})
    end
{%- endmacro %}

{#- An attempt that failed or was left out was not billed if no amount is recorded; an answered one without it is unknown. -#}
{% macro billed(column) -%} coalesce({{ column }}, case when response_status in ('failed', 'budget') then 0 end) {%- endmacro %}

{#- Extra calls are asked because of what was measured, to confirm that it changed: no mean may hold their answers. -#}
{% macro is_measurement() -%} sample_index = 0 {%- endmacro %}

{#- Aggregates over rows of int_calls_resolved. Late calls count and cost; their scores are left out. -#}
{% macro call_measures() %}
    count(*) as planned_count,
    count(*) filter (where response_status = 'answered') as answered_count,
    count(*) filter (where response_status = 'failed') as failed_count,
    count(*) filter (where status = 'late') as late_count,
    count(*) filter (where status = 'measured') as scored_count,
    count(distinct scenario_id) filter (where status = 'measured') as scenario_count,
    mode() within group (order by reason collate "C") as usual_reason,
    ({{ known_sum('cost_usd', 'attempt is not null') }})::numeric(18, 9) as cost_usd,
    ({{ known_sum('input_tokens', 'attempt is not null') }})::bigint as input_tokens,
    ({{ known_sum('output_tokens', 'attempt is not null') }})::bigint as output_tokens
{% endmacro %}

{#- The order statistic that `percentiles_of` has. -#}
{% macro median_of_timely(column) -%}
    percentile_disc(0.5) within group (order by {{ column }}) filter (where {{ is_timely_answer() }})
{%- endmacro %}

{% macro is_timely_answer() -%} response_status = 'answered' and status != 'late' {%- endmacro %}

{#- Status and reason of a spine row joined to `call_measures()` under the alias `measures`, beside `unbuilt_calls()`. -#}
{% macro spine_status() -%}
    case
        when measures.scored_count > 0 then 'measured'
        when measures.late_count > 0 then 'late'
        else 'missing'
    end
{%- endmacro %}

{% macro spine_reason(column) -%}
    case
        when measures.planned_count is null
            then case when {{ unbuilt_count(column) }} > 0 then 'not_built' else 'not_planned' end
        when measures.scored_count > 0 then null
        when measures.late_count > 0 then 'late'
        else measures.usual_reason
    end
{%- endmacro %}
