{{ config(
    indexes=[{'columns': ['provider', 'model', 'effective_at'], 'unique': true}]
) }}

with changes as (

    select
        split_part(subject, '/', 1) as provider,
        substr(subject, strpos(subject, '/') + 1) as model,
        effective_at,
        (old_value ->> 'input_usd_per_mtok')::numeric(18, 9) as old_input_usd_per_mtok,
        (new_value ->> 'input_usd_per_mtok')::numeric(18, 9) as new_input_usd_per_mtok,
        (old_value ->> 'output_usd_per_mtok')::numeric(18, 9) as old_output_usd_per_mtok,
        (new_value ->> 'output_usd_per_mtok')::numeric(18, 9) as new_output_usd_per_mtok,
        source,
        noticed_at
    from {{ ref('stg_catalog__changes') }}
    where kind = 'price' and not is_suspected

),

simulated_providers as (

    select distinct provider
    from {{ ref('int_targets_deduplicated') }}
    where is_simulated

)

select
    changes.provider,
    changes.model,
    changes.effective_at,
    changes.old_input_usd_per_mtok,
    changes.new_input_usd_per_mtok,
    (changes.new_input_usd_per_mtok / nullif(changes.old_input_usd_per_mtok, 0))::double precision as input_price_ratio,
    changes.old_output_usd_per_mtok,
    changes.new_output_usd_per_mtok,
    (changes.new_output_usd_per_mtok / nullif(changes.old_output_usd_per_mtok, 0))::double precision
        as output_price_ratio,
    changes.source,
    changes.noticed_at,
    simulated_providers.provider is not null as is_simulated
from changes
left join simulated_providers on changes.provider = simulated_providers.provider
