with source as (

    select * from {{ source('catalog', 'suites') }}

),

renamed as (

    select
        suite,
        suite_version,
        cadence,
        scenario_id,
        scenario_version,
        recorded_at
    from source

)

select * from renamed
