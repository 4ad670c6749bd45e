with calls as not materialized (

    select * from {{ ref('int_calls_resolved') }}
    where status = 'measured' and {{ is_measurement() }}

),

suites as (

    select distinct suite from {{ ref('int_windows_anchored') }}

),

-- Only suites that ask fresh variants have anything to compare; whether one ever did, an index tells.
fresh_suites as (

    select suites.suite
    from suites
    where exists (
        select 1 from calls
        where calls.suite = suites.suite and calls.variant_seed != 0
    )

),

-- Known before the calls of any window are looked for.
windows as materialized (

    select * from {{ ref('int_windows_anchored') }}
    where window_name in ('30d', '90d') and suite in (select fresh_suites.suite from fresh_suites)

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
        calls.has_canary,
        calls.scorer,
        calls.scorer_version
    from windows
    inner join calls
        on
            windows.suite = calls.suite
            and windows.suite_version = calls.suite_version
            and windows.window_start <= calls.benchmark_hour
            and windows.window_end > calls.benchmark_hour

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
        (avg(reference_overlap::numeric) filter (where is_public))::double precision as reference_overlap_mean,
        count(*) filter (where has_canary) as canary_count,
        string_agg(distinct scorer || ':' || scorer_version, ', ' order by scorer || ':' || scorer_version)
            as scorer_versions
    from compared
    group by
        window_name, window_start, window_end, target_id, suite, suite_version, scenario_id, scenario_family

),

targets as (

    select * from {{ ref('int_targets_deduplicated') }}

),

scenarios as (

    select
        scenario_id,
        min(created_on) as created_on
    from {{ ref('int_scenarios_deduplicated') }}
    group by scenario_id

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
    averaged.canary_count,
    averaged.scorer_versions,
    scenarios.created_on <= targets.training_cutoff as is_before_cutoff,
    targets.is_simulated
from averaged
inner join targets on averaged.target_id = targets.target_id
left join scenarios on averaged.scenario_id = scenarios.scenario_id
cross join lateral (values (averaged.scenario_family), ('all')) as families (family)
