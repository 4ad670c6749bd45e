{#- Percentiles of all values that the sorted arrays of the parts of one `key` have, as columns `p50` and so on, and their
    number as `value_count`. Around the mean of the parts' own percentiles limits are drawn; how many values each of them has
    below it is counted, and only the values between the two that enclose the rank sought are put in order. An array is
    unpacked, and a rank computed, once for all that reads it: without `offset` the planner computes ranks anew for each
    value, in ten times the time. Where the parts are days, `is_bounded` adds the 95% interval of each as `p50_lower` and
    `p50_upper`. -#}
{% macro percentiles_of_parts(parts, values, percents, key, is_bounded=false) -%}
    {%- set unpacked -%}
    cross join lateral (select {{ values }} || '{}' as ordered_values limit 1) as unpacked
    {%- endset -%}
    {%- set ends = ['', '_lower', '_upper'] if is_bounded else [''] -%}
    select
        {{ key }},
        value_count,
        {%- for percent in percents %}
        nearby_{{ percent }}[{{ share_rank(percent, 'value_count') }} - lower_count_{{ percent }}]
            as p{{ percent }}{{ ',' if is_bounded or not loop.last }}
        {%- for end in ends[1:] %}
        nearby_{{ percent }}{{ end }}[rank_{{ percent }}{{ end }} - lower_count_{{ percent }}{{ end }}]
            as p{{ percent }}{{ end }}{{ ',' if not loop.last }}
        {%- endfor -%}
        {{ ',' if is_bounded and not loop.last }}
        {%- endfor %}
    from (
        select
            {{ key }},
            min(value_count) as value_count,
            {%- for percent in percents %}
            {%- set last_percent = loop.last %}
            {%- for end in ends %}
            {%- set name = percent ~ end %}
            {{ 'min(rank_' ~ name ~ ') as rank_' ~ name ~ ',' if end }}
            min(lower_count_{{ name }}) as lower_count_{{ name }},
            array_agg(nearby.value order by nearby.value) filter (where nearby.sought = '{{ name }}')
                as nearby_{{ name }}{{ ',' if not (loop.last and last_percent) }}
            {%- endfor %}
            {%- endfor %}
        from (
            select
                *,
                {%- for percent in percents %}
                {%- set last_percent = loop.last %}
                {%- for end in ends %}
                {{ enclosing_limits(percent, end) }}{{ ',' if not (loop.last and last_percent) }}
                {%- endfor %}
                {%- endfor %}
            from (
                {{ ranks_sought(parts, values, percents, key, unpacked, is_bounded) }}
                offset 0
            ) as ranked
            offset 0
        ) as enclosed
        {{ unpacked }}
        cross join lateral (
            {{ values_nearby(percents, ends) }}
        ) as nearby
        group by {{ key }}
    ) as gathered
{%- endmacro %}

{#- Of the limits of a percentile the two that enclose its rank, or that of an end of its interval, and how many values lie
    below the lower one. -#}
{% macro enclosing_limits(percent, end) -%}
    {%- set name = percent ~ end -%}
    {%- set rank = 'rank_' ~ name if end else share_rank(percent, 'value_count') -%}
    {%- set limit = 'width_bucket(' ~ rank ~ ' - 1, counts_' ~ percent ~ ')' -%}
    coalesce(counts_{{ percent }}[{{ limit }}], 0) as lower_count_{{ name }},
    coalesce(limits_{{ percent }}[{{ limit }}], '-infinity') as lower_limit_{{ name }},
    coalesce(limits_{{ percent }}[{{ limit }} + 1], 'infinity') as upper_limit_{{ name }}
{%- endmacro %}

{#- `counted_limits`, with the ranks of the ends of the intervals if these are wanted: those of the values below which the
    bounds of the percentile's share lie (Woodruff 1952). An end is null where even the outermost value may lie within. -#}
{% macro ranks_sought(parts, values, percents, key, unpacked, is_bounded) -%}
    {%- if not is_bounded -%}
    {{ counted_limits(parts, values, percents, key, unpacked, is_bounded) }}
    {%- else -%}
    select
        *,
        {%- for percent in percents %}
        {%- set share = percent / 100 %}
        {%- set rest = (1 - share) | round(4) %}
        {%- set count = 'effective_count_' ~ percent %}
        case
            when least({{ count }}, value_count) * ln({{ rest }}::double precision) <= ln(0.025::double precision)
                then floor(value_count * {{ share_bound('-', share, count, 't_of_days') }})::integer
        end as rank_{{ percent }}_lower,
        case
            when least({{ count }}, value_count) * ln({{ share }}::double precision) <= ln(0.025::double precision)
                then ceil(value_count * {{ share_bound('+', share, count, 't_of_days') }})::integer
        end as rank_{{ percent }}_upper{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            *,
            {%- for percent in percents %}
            {{ effective_count('lower_count_of_days_' ~ percent, 'value_count', 'distances_' ~ percent, 'day_count') }}
                as effective_count_{{ percent }},
            {%- endfor %}
            {{ t_quantile('day_count - 1') }} as t_of_days
        from (
            {{ counted_limits(parts, values, percents, key, unpacked, is_bounded) }}
        ) as counted
        offset 0
    ) as effective
    {%- endif -%}
{%- endmacro %}

{#- The parts of `percentiles_of_parts` with their key's number of values, and for each percentile its limits and how many
    of the key's values lie below each of them. For an interval, too, how much the share of the values below the middle one
    of the limits differs between days. -#}
{% macro counted_limits(parts, values, percents, key, unpacked, is_bounded) -%}
    {%- set deviations = [-4, -1.5, -1, -0.6, -0.2, 0, 0.2, 0.6, 1, 1.5, 4] -%}
    {%- set middle = deviations.index(0) + 1 -%}
    select
        limited.*,
        {%- for percent in percents %}
        {%- if is_bounded %}
        {%- set below = 'width_bucket(limits_' ~ percent ~ '[' ~ middle ~ '], unpacked.ordered_values)::bigint' %}
        sum({{ below }}) over of_key as lower_count_of_days_{{ percent }},
        {{ squared_distances(below, 'part_count', 'over of_key') }} as distances_{{ percent }},
        {%- endif %}
        array[
            {%- for _ in deviations %}
            sum(width_bucket(limits_{{ percent }}[{{ loop.index }}], unpacked.ordered_values))
                over of_key::integer{{ ',' if not loop.last }}
            {%- endfor %}
        ] as counts_{{ percent }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ key }},
            {{ values }},
            {%- if is_bounded %}
            cardinality(unpacked.ordered_values)::bigint as part_count,
            count(*) over of_key::integer as day_count,
            {%- endif %}
            sum(cardinality(unpacked.ordered_values)) over of_key::integer as value_count,
            {%- for percent in percents %}
            {%- set own -%}
            unpacked.ordered_values[{{ share_rank(percent, 'cardinality(unpacked.ordered_values)') }}]
            {%- endset %}
            array[
                {%- for deviation in deviations %}
                avg({{ own }}) over of_key
                + {{ 2 * deviation }} * stddev_pop({{ own }}) over of_key / sqrt(count(*) over of_key){{ ',' if not loop.last }}
                {%- endfor %}
            ] as limits_{{ percent }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ parts }}
        {{ unpacked }}
        where {{ values }} is not null
        window of_key as (partition by {{ key }})
    ) as limited
    {{ unpacked }}
    window of_key as (partition by {{ key }})
{%- endmacro %}

{#- For every percentile and end the values between the limits of its bucket, as `sought` and `value`. -#}
{% macro values_nearby(percents, ends) -%}
    {%- for percent in percents %}
    {%- set last_percent = loop.last %}
    {%- for end in ends %}
    select
        '{{ percent }}{{ end }}' as sought,
        unnest(
            unpacked.ordered_values[
                width_bucket(lower_limit_{{ percent }}{{ end }}, unpacked.ordered_values) + 1
                :width_bucket(upper_limit_{{ percent }}{{ end }}, unpacked.ordered_values)
            ]
        ) as value
    {{ 'where rank_' ~ percent ~ end ~ ' is not null' if end }}
    {{ 'union all' if not (loop.last and last_percent) }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}
