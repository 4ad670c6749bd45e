{#- Every value of the column is one of `field` in `to`, in the touched hours of `hour`; relationships would read them all. -#}
{% test known(model, column, to, field, hour) %}
    select referring.{{ column }}
    from {{ model }} as referring
    where
        {{ is_tested('referring.' ~ hour) }}
        and referring.{{ column }} is not null
        and not exists (select 1 from {{ to }} as referred where referred.{{ field }} = referring.{{ column }})
{% endtest %}
