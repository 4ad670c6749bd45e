with windows as (

    select * from {{ ref('int_windows_anchored') }}
    where window_name in ('30d', '90d')

),

calls as (

    select * from {{ ref('int_calls_resolved') }}
    where status = 'measured' and {{ is_measurement() }}

),

-- Only suites that ask fresh variants have anything to compare.
fresh_suites as (

    select distinct suite from calls
    where variant_seed != 0

),

in_windows as (

    select
        windows.window_name,
        windows.window_start,
        windows.window_end,
        calls.target_id,
        calls.suite,
        calls.suite_version,
        calls.scenario_id,
        calls.scenario_version,
        calls.family as scenario_family,
        calls.variant_seed = 0 as is_public,
        calls.score,
        calls.reference_overlap,
        calls.scorer,
        calls.scorer_version
    from windows
    inner join calls
        on
            windows.suite = calls.suite
            and windows.suite_version = calls.suite_version
            and windows.window_start <= calls.benchmark_hour
            and windows.window_end > calls.benchmark_hour
    inner join fresh_suites on calls.suite = fresh_suites.suite

),

newest_scorers as (

    select
        window_name,
        suite,
        suite_version,
        scenario_id,
        scenario_version,
        max(scorer_version) as scorer_version
    from in_windows
    group by window_name, suite, suite_version, scenario_id, scenario_version

),

compared as (

    select in_windows.*
    from in_windows
    inner join newest_scorers
        using (window_name, suite, suite_version, scenario_id, scenario_version, scorer_version)

),

averaged as (

    select
        window_name,
        window_start,
        window_end,
        target_id,
        suite,
        suite_version,
        scenario_id,
        scenario_family,
        count(*) filter (where is_public) as public_count,
        count(*) filter (where not is_public) as fresh_count,
        (avg(score) filter (where is_public))::double precision as public_score_mean,
        (avg(score) filter (where not is_public))::double precision as fresh_score_mean,
        avg(reference_overlap) filter (where is_public) as reference_overlap_mean,
        string_agg(distinct scorer || ':' || scorer_version, ', ' order by scorer || ':' || scorer_version)
            as scorer_versions
    from compared
    group by
        window_name, window_start, window_end, target_id, suite, suite_version, scenario_id, scenario_family

)

select
    averaged.window_name,
    averaged.window_start,
    averaged.window_end,
    averaged.target_id,
    averaged.suite,
    averaged.suite_version,
    families.family,
    averaged.scenario_id,
    averaged.scenario_family,
    averaged.public_count,
    averaged.fresh_count,
    averaged.public_score_mean,
    averaged.fresh_score_mean,
    averaged.reference_overlap_mean,
    averaged.scorer_versions
from averaged
cross join lateral (values (averaged.scenario_family), ('all')) as families (family)
