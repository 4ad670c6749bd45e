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
        coalesce(new_value ->> 'suspicion', old_value ->> 'suspicion') is not null as is_suspected,
        source,
        noticed_at
    from source

)

select * from renamed
