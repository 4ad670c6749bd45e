select
    scenario_id,
    scenario_version,
    family,
    difficulty,
    language,
    title,
    licence,
    created_on,
    public_prompt,
    public_prompt_length,
    scenario_version = max(scenario_version) over (partition by scenario_id) as is_current
from {{ ref('int_scenarios_deduplicated') }}
