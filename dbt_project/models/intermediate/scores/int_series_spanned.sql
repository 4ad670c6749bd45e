with targets as (

    select distinct target_id from {{ ref('stg_catalog__targets') }}

),

suite_families as (

    select distinct
        suites.suite,
        suites.suite_version,
        scenarios.family
    from {{ ref('stg_catalog__suites') }} as suites
    inner join {{ ref('int_scenarios_deduplicated') }} as scenarios using (scenario_id, scenario_version)

),

-- One index look-up for each series, so that the time does not grow with the history.
family_series as (

    select
        targets.target_id,
        suite_families.suite,
        suite_families.suite_version,
        suite_families.family,
        earliest.first_planned_hour as first_hour,
        earliest.is_simulated
    from targets
    cross join suite_families
    cross join lateral (
        select
            days.first_planned_hour,
            days.is_simulated
        from {{ ref('int_scenario_scores_daily') }} as days
        where
            days.target_id = targets.target_id
            and days.suite = suite_families.suite
            and days.suite_version = suite_families.suite_version
            and days.family = suite_families.family
        order by days.first_planned_hour
        limit 1
    ) as earliest

),

all_series as (

    select * from family_series
    union all
    select
        target_id,
        suite,
        suite_version,
        'all' as family,
        min(first_hour) as first_hour,
        bool_or(is_simulated) as is_simulated
    from family_series
    group by target_id, suite, suite_version

)

select
    all_series.target_id,
    all_series.suite,
    all_series.suite_version,
    all_series.family,
    all_series.first_hour,
    suites.last_hour,
    all_series.is_simulated
from all_series
inner join {{ ref('int_suites_spanned') }} as suites using (suite, suite_version)
