with source as (

    select * from {{ source('detection', 'subscription_stops') }}

),

renamed as (

    select
        subscription_id,
        stopped_at,
        reason
    from source

)

select * from renamed
