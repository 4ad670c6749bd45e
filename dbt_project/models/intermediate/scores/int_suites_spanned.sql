with suite_versions as (

    select distinct
        suite,
        suite_version
    from {{ ref('stg_catalog__suites') }}

),

-- One index look-up for each end, so that the time does not grow with the history.
spanned as (

    select
        suite_versions.suite,
        suite_versions.suite_version,
        ends.first_hour,
        ends.last_hour
    from suite_versions
    cross join lateral (
        select
            min(days.first_planned_hour) as first_hour,
            max(days.last_planned_hour) as last_hour
        from {{ ref('int_scenario_scores_daily') }} as days
        where days.suite = suite_versions.suite and days.suite_version = suite_versions.suite_version
    ) as ends

)

select * from spanned
where first_hour is not null
