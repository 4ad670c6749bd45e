{#- None of the columns is null: one scan for all of them. -#}
{% test complete(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
