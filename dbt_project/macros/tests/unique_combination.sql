{#- No two rows have the same values in all columns. `hour`, a `_hour` column, confines the look to the touched hours. -#}
{% test unique_combination(model, columns, hour=none) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ is_tested(hour) }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
