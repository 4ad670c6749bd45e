{{ config(
    indexes=[{'columns': ['target_id', 'effective_at', 'kind', 'subject'], 'unique': true}]
) }}

with changes as (

    select * from {{ ref('stg_catalog__changes') }}
    where not is_suspected

),

targets as (

    select * from {{ ref('int_targets_deduplicated') }}

),

-- An address may read like a target's id; a change of that name is the target's own.
concerned as (

    select
        changes.*,
        targets.target_id,
        targets.is_simulated
    from changes
    inner join targets on changes.subject = targets.target_id
    union all
    select
        changes.*,
        targets.target_id,
        targets.is_simulated
    from changes
    inner join targets on changes.subject = targets.provider || '/' || targets.model
    union all
    select
        changes.*,
        targets.target_id,
        targets.is_simulated
    from changes
    inner join targets
        on changes.subject = targets.host or starts_with(targets.host, changes.subject || '/')
    where changes.subject not in (select named.target_id from targets as named)

)

select
    target_id,
    kind,
    subject,
    effective_at,
    date_trunc('hour', effective_at, 'UTC') as effective_hour,
    old_value,
    new_value,
    source,
    noticed_at,
    is_simulated
from concerned
