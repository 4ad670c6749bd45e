{#- Intervals at 95% whose clusters are days: what a day brings, it brings to all of its calls. Without two days, or where
    the days are all alike, there is none. docs/methodology.md has the formulas and how often they hold the truth. -#}

{#- The squared distances of the days' `part` from their share of the sum of `part` by that of `whole`, summed and times the
    square of the latter: of whole numbers and numerics it is exact, whatever the order of the days. -#}
{% macro squared_distances(part, whole, over='') -%}
    {%- set parts, wholes = 'sum(' ~ part ~ ') ' ~ over, 'sum(' ~ whole ~ ') ' ~ over -%}
    (
        {{ wholes }} * {{ wholes }} * sum({{ part }} * {{ part }}) {{ over }}
        - 2 * {{ parts }} * {{ wholes }} * sum({{ part }} * {{ whole }}) {{ over }}
        + {{ parts }} * {{ parts }} * sum({{ whole }} * {{ whole }}) {{ over }}
    )
{%- endmacro %}

{#- How many independent calls would tell the share of `part` in `whole` as surely as these of `days` days do. -#}
{% macro effective_count(part, whole, distances, days) -%}
    (
        {{ part }}::numeric * ({{ whole }} - {{ part }}) * {{ whole }} * {{ whole }} * ({{ days }} - 1)
        / nullif({{ days }} * {{ distances }}, 0)
    )::double precision
{%- endmacro %}

{#- Wilson's bound of a share that was measured in so many independent calls, with a quantile of Student's t. -#}
{% macro share_bound(sign, share, count, t) -%}
    (
        {{ count }} * {{ share }} + {{ t }} ^ 2 / 2
        {{ sign }} {{ t }} * sqrt({{ count }} * {{ share }} * (1 - {{ share }}) + {{ t }} ^ 2 / 4)
    ) / ({{ count }} + {{ t }} ^ 2)
{%- endmacro %}

{#- The bound of a ratio of two sums, on the scale of its logarithm. -#}
{% macro ratio_bound(sign, part, whole, distances, days, t) -%}
    {{ part }} / {{ whole }} * exp(
        {{ sign }} {{ t }} * sqrt({{ days }} * nullif({{ distances }}, 0) / nullif({{ days }} - 1, 0))
        / nullif({{ part }} * {{ whole }}, 0)
    )
{%- endmacro %}

{#- The 97.5% quantile of Student's t at 1 to 89 degrees of freedom, which the days of the longest window have. -#}
{% macro t_quantile(degrees) -%}
    (array[
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
    2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873,
    2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272, 2.039513, 2.036933, 2.034515,
    2.032245, 2.030108, 2.028094, 2.026192, 2.024394, 2.022691, 2.021075, 2.019541, 2.018082, 2.016692, 2.015368,
    2.014103, 2.012896, 2.011741, 2.010635, 2.009575, 2.008559, 2.007584, 2.006647, 2.005746, 2.004879, 2.004045,
    2.003241, 2.002465, 2.001717, 2.000995, 2.000298, 1.999624, 1.998972, 1.998341, 1.997730, 1.997138, 1.996564,
    1.996008, 1.995469, 1.994945, 1.994437, 1.993943, 1.993464, 1.992997, 1.992543, 1.992102, 1.991673, 1.991254,
    1.990847, 1.990450, 1.990063, 1.989686, 1.989319, 1.988960, 1.988610, 1.988268, 1.987934, 1.987608, 1.987290,
    1.986979
    ]::double precision[])[{{ degrees }}]
{%- endmacro %}
