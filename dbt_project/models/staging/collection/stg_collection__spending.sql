with source as (

    select * from {{ source('collection', 'spending') }}

),

renamed as (

    select
        grain as period,
        period_start as period_started_at,
        target_id,
        spent_usd
    from source

)

select * from renamed
