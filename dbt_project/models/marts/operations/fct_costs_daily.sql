{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='cost_date',
    on_schema_change='fail',
    indexes=[
        {'columns': ['cost_date', 'target_id', 'family'], 'unique': true},
        {'columns': ['target_id', 'family', 'cost_date']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

-- What two suites plan alike is asked and paid for once.
with calls as (

    select distinct on (benchmark_hour, call_id)
        *,
        {{ utc_date('benchmark_hour') }} as cost_date
    from {{ ref('int_calls_resolved') }}
    where {{ is_on_touched_days('benchmark_hour') }}
    order by benchmark_hour asc, call_id asc, suite asc, suite_version asc

),

sums as (

    select
        target_id,
        coalesce(family, 'all') as family,
        cost_date,
        count(*) as planned_count,
        count(*) filter (where response_status = 'answered') as answered_count,
        count(*) filter (where score = 10) as solved_count,
        count(*) filter (where response_status = 'answered' and {{ is_measurement() }}) as task_count,
        count(*) filter (where score = 10 and {{ is_measurement() }}) as solved_task_count,
        case
            when count(*) filter (where attempt is not null and cost_usd is null) = 0
                then sum(cost_usd) filter (where {{ is_measurement() }})
        end as tasks_cost_usd,
        ({{ known_sum('cost_usd', 'attempt is not null') }})::numeric(18, 9) as cost_usd,
        ({{ known_sum('input_tokens', 'attempt is not null') }})::bigint as input_tokens,
        ({{ known_sum('output_tokens', 'attempt is not null') }})::bigint as output_tokens,
        bool_and(is_simulated) as is_simulated
    from calls
    group by grouping sets ((target_id, cost_date, family), (target_id, cost_date))

)

select
    target_id,
    family,
    cost_date,
    planned_count,
    answered_count,
    solved_count,
    cost_usd,
    input_tokens,
    output_tokens,
    (tasks_cost_usd / nullif(task_count, 0))::numeric(18, 9) as cost_per_task_usd,
    (tasks_cost_usd / nullif(solved_task_count, 0))::numeric(18, 9) as cost_per_solved_task_usd,
    (cost_usd * 1000000 / nullif(input_tokens + output_tokens, 0))::numeric(18, 9) as cost_per_mtok_usd,
    is_simulated
from sums
