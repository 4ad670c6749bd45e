with source as (

    select * from {{ source('collection', 'reports') }}

),

renamed as (

    select
        body ->> 'period' as report_id,
        kind,
        period_start,
        period_end,
        suite_versions,
        as_of,
        body,
        computed_at
    from source

)

select * from renamed
