with prices as (

    select * from {{ ref('stg_catalog__prices') }}

)

select
    price_id,
    provider,
    model,
    valid_from,
    lead(valid_from) over (partition by provider, model order by valid_from, price_id) as valid_to,
    input_usd_per_mtok,
    output_usd_per_mtok,
    cached_input_usd_per_mtok,
    cache_write_usd_per_mtok,
    reasoning_usd_per_mtok,
    tiers,
    source,
    checked_on
from prices
