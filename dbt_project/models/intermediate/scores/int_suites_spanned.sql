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
            min(cells.benchmark_hour) as first_hour,
            max(cells.benchmark_hour) as last_hour
        from {{ ref('int_scenario_scores_hourly') }} as cells
        where cells.suite = suite_versions.suite and cells.suite_version = suite_versions.suite_version
    ) as ends

)

select * from spanned
where first_hour is not null
