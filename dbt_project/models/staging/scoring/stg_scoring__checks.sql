with source as (

    select * from {{ source('scoring', 'checks') }}

),

renamed as (

    select
        checks_id,
        checks
    from source

)

select * from renamed
