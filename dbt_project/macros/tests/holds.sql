{#- A condition that no row breaks. A row for which it is null breaks it. -#}
{% test holds(model, condition) %}
    select *
    from {{ model }}
    where ({{ condition }}) is not true
{% endtest %}
