with source as (

    select * from {{ source('catalog', 'prices') }}

),

renamed as (

    select
        price_id,
        provider,
        model,
        valid_from,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cached_input_usd_per_mtok,
        cache_write_usd_per_mtok,
        reasoning_usd_per_mtok,
        tiers,
        source,
        checked_on
    from source

)

select * from renamed
