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
        output_usd_per_mtok
    from source

)

select * from renamed
