with suite_versions as (

    select distinct
        suite,
        suite_version
    from {{ ref('stg_catalog__suites') }}

),

-- One index look-up for each, so that the time does not grow with the history.
newest as (

    select
        suite_versions.suite,
        suite_versions.suite_version,
        measured.last_scored_hour as newest_hour
    from suite_versions
    cross join lateral (
        select days.last_scored_hour
        from {{ ref('int_scenario_scores_daily') }} as days
        where
            days.suite = suite_versions.suite
            and days.suite_version = suite_versions.suite_version
            and days.last_scored_hour is not null
        order by days.last_scored_hour desc
        limit 1
    ) as measured

),

windows (window_name, hour_count) as (

    values ('24h', 24), ('7d', 168), ('30d', 720), ('90d', 2160)

),

anchored as (

    select
        newest.suite,
        newest.suite_version,
        windows.window_name,
        newest.newest_hour + interval '1 hour' * (1 - windows.hour_count) as window_start,
        newest.newest_hour + interval '1 hour' as window_end
    from newest
    cross join windows

)

select * from anchored
