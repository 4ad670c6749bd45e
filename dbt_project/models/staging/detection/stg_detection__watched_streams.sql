with source as (

    select * from {{ source('detection', 'watched_streams') }}

),

renamed as (

    select
        target_id,
        suite,
        metric,
        status,
        first_hour,
        last_hour,
        launch_value,
        detectable_effect,
        is_simulated,
        computed_at
    from source

)

select * from renamed
