with source as (

    select * from {{ source('publication', 'published_events') }}

),

renamed as (

    select
        event_number,
        topic,
        kind,
        subject,
        content,
        is_simulated,
        recorded_at
    from source

)

select * from renamed
