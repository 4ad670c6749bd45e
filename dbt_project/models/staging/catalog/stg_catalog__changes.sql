with source as (

    select * from {{ source('catalog', 'changes') }}

),

renamed as (

    select
        kind,
        subject,
        effective_at,
        old_value,
        new_value,
        source,
        noticed_at
    from source

)

select * from renamed
