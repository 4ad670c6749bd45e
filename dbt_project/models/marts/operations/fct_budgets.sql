{{ config(materialized='view') }}

-- A view: what is spent is told as it is now, also between two builds.
with stated as (

    select distinct on (target_id) *
    from {{ ref('stg_catalog__budgets') }}
    order by target_id asc, recorded_at desc

),

limits as (

    select
        stated.target_id,
        per_period.period,
        date_trunc(per_period.period, now(), 'UTC') as period_started_at,
        per_period.limit_usd
    from stated
    cross join
        lateral (
            values ('hour', stated.usd_per_hour), ('day', stated.usd_per_day), ('month', stated.usd_per_month)
        ) as per_period (period, limit_usd)
    where per_period.limit_usd is not null

),

measured as (

    select
        target_id,
        is_simulated
    from {{ ref('int_targets_deduplicated') }}
    where is_enabled

),

spending as (

    select * from {{ ref('stg_collection__spending') }}

)

select
    limits.target_id,
    limits.period,
    limits.period_started_at,
    limits.limit_usd::numeric(18, 9) as limit_usd,
    coalesce(spending.spent_usd, 0)::numeric(18, 9) as spent_usd,
    coalesce(measured.is_simulated, false) as is_simulated
from limits
left join measured on limits.target_id = measured.target_id
left join spending
    on
        limits.target_id = spending.target_id
        and limits.period = spending.period
        and limits.period_started_at = spending.period_started_at
where limits.target_id = '' or measured.target_id is not null
