with source as (

    select * from {{ source('catalog', 'budgets') }}

),

renamed as (

    select
        target_id,
        usd_per_hour,
        usd_per_day,
        usd_per_month,
        recorded_at
    from source

)

select * from renamed
