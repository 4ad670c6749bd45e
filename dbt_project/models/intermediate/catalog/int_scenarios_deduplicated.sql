select distinct on (scenario_id, scenario_version)
    scenario_id,
    scenario_version,
    family,
    difficulty,
    language,
    title,
    licence,
    created_on,
    public_prompt,
    public_prompt_length
from {{ ref('stg_catalog__scenarios') }}
order by scenario_id asc, scenario_version asc, recorded_at desc, content_sha256 asc
