{#- None of the columns is null: one scan for all of them. `hour`, a `_hour` column, confines it to the touched hours. -#}
{% test complete(model, columns, hour=none) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where
        ({{ columns | join(' is null or ') }} is null)
        and ({{ is_tested(hour) }}{{ ' or ' ~ hour ~ ' is null' if hour }})
{% endtest %}
