select distinct on (target_id)
    target_id,
    label,
    provider,
    model,
    host,
    quantisation,
    reasoning_effort,
    is_simulated,
    is_open_weights,
    lifecycle,
    successor,
    training_cutoff,
    price_source,
    is_enabled,
    disabled_reason
from {{ ref('stg_catalog__targets') }}
order by target_id asc, recorded_at desc, definition_sha256 asc
