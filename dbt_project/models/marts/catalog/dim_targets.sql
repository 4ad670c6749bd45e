with latest_definitions as (

    select * from {{ ref('int_targets_deduplicated') }}

),

current_prices as (

    select distinct on (provider, model) *
    from {{ ref('stg_catalog__prices') }}
    where valid_from <= current_timestamp
    order by provider asc, model asc, valid_from desc, price_id asc

)

select
    latest_definitions.target_id,
    latest_definitions.label,
    latest_definitions.provider,
    latest_definitions.model,
    latest_definitions.host,
    latest_definitions.quantisation,
    latest_definitions.reasoning_effort,
    latest_definitions.is_simulated,
    latest_definitions.is_open_weights,
    latest_definitions.lifecycle,
    latest_definitions.successor,
    latest_definitions.training_cutoff,
    latest_definitions.price_source,
    latest_definitions.is_enabled,
    latest_definitions.disabled_reason,
    answers.first_answered_at,
    answers.last_answered_at,
    current_prices.input_usd_per_mtok,
    current_prices.output_usd_per_mtok,
    current_prices.valid_from as price_valid_from
from latest_definitions
left join current_prices using (provider, model)
left join lateral (
    select
        min(calls.answered_at) as first_answered_at,
        max(calls.answered_at) as last_answered_at
    from {{ ref('int_calls_resolved') }} as calls
    where calls.target_id = latest_definitions.target_id
) as answers on true
