with source as (

    select * from {{ source('detection', 'alert_feedback') }}

),

renamed as (

    select
        thread_id as anomaly_id,
        given_at,
        kind,
        note
    from source

)

select * from renamed
