{#- Each column lies within its inclusive range [low, high] where it is known; a null bound is open. -#}
{% test within(model, ranges) %}
    select {{ ranges.keys() | join(', ') }}
    from {{ model }}
    where false
    {%- for column, bounds in ranges.items() %}
        {%- if bounds[0] is not none %} or {{ column }} < {{ bounds[0] }} {%- endif %}
        {%- if bounds[1] is not none %} or {{ column }} > {{ bounds[1] }} {%- endif %}
    {%- endfor %}
{% endtest %}
