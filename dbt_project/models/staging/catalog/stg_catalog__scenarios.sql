with source as (

    select * from {{ source('catalog', 'scenarios') }}

),

renamed as (

    select
        scenario_id,
        scenario_version,
        content_sha256,
        family,
        difficulty,
        language,
        title,
        licence,
        created_on,
        public_prompt,
        public_prompt_length,
        recorded_at
    from source

)

select * from renamed
