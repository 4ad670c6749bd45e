with source as (

    select * from {{ source('catalog', 'targets') }}

),

renamed as (

    select
        target_id,
        definition_sha256,
        recorded_at,
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
    from source

)

select * from renamed
