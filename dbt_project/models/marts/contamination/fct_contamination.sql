{{ config(
    indexes=[{'columns': ['window_name', 'family', 'target_id', 'suite', 'suite_version'], 'unique': true}]
) }}

with variants as (

    select * from {{ ref('int_variant_scores') }}

),

targets as (

    select * from {{ ref('int_targets_deduplicated') }}

),

gaps as (

    select * from {{ ref('stg_statistics__variant_gaps') }}

),

cutoff_gaps as (

    select * from {{ ref('stg_statistics__cutoff_gaps') }}

),

averaged as (

    select
        variants.window_name,
        variants.window_start,
        variants.window_end,
        variants.target_id,
        variants.suite,
        variants.suite_version,
        variants.family,
        count(*) filter (where variants.public_count > 0 and variants.fresh_count > 0) as scenario_count,
        count(*) filter (where variants.is_before_cutoff) as scenarios_before_cutoff_count,
        avg(variants.public_score_mean) filter (where variants.fresh_count > 0) as public_score_mean,
        avg(variants.fresh_score_mean) filter (where variants.public_count > 0) as fresh_score_mean,
        avg(variants.reference_overlap_mean) as reference_overlap_mean,
        sum(variants.canary_count)::bigint as canary_count,
        string_agg(distinct variants.scorer_versions, ', ' order by variants.scorer_versions) as scorer_versions,
        targets.training_cutoff,
        variants.is_simulated
    from variants
    inner join targets using (target_id)
    group by
        variants.window_name, variants.window_start, variants.window_end, variants.target_id, variants.suite,
        variants.suite_version, variants.family, targets.training_cutoff, variants.is_simulated

),

explained as (

    select
        averaged.*,
        gaps.gap_mean,
        gaps.gap_ci95_lower,
        gaps.gap_ci95_upper,
        gaps.gap_holm_p_value,
        coalesce(gaps.interval_method, 'none') as interval_method,
        cutoff_gaps.reference_count,
        cutoff_gaps.before_cutoff_count,
        cutoff_gaps.after_cutoff_count,
        cutoff_gaps.cutoff_gap_mean,
        cutoff_gaps.cutoff_gap_ci95_lower,
        cutoff_gaps.cutoff_gap_ci95_upper,
        cutoff_gaps.cutoff_gap_holm_p_value,
        coalesce(gaps.gap_holm_p_value < 0.01 and gaps.gap_ci95_lower > 0.5, false) as is_public_better,
        coalesce(
            cutoff_gaps.cutoff_gap_holm_p_value < 0.01 and cutoff_gaps.cutoff_gap_ci95_lower > 0.5, false
        ) as is_older_better,
        coalesce(averaged.reference_overlap_mean >= 0.5, false) as is_reference_told,
        averaged.canary_count > 0 as is_canary_told
    from averaged
    left join gaps using (window_name, window_start, target_id, suite, suite_version, family)
    left join cutoff_gaps using (window_name, window_start, target_id, suite, suite_version, family)

)

select
    target_id,
    suite,
    suite_version,
    family,
    window_name,
    window_start,
    window_end,
    scenario_count,
    public_score_mean,
    fresh_score_mean,
    gap_mean,
    gap_ci95_lower,
    gap_ci95_upper,
    gap_holm_p_value,
    interval_method,
    reference_overlap_mean,
    canary_count,
    scorer_versions,
    training_cutoff,
    scenarios_before_cutoff_count,
    reference_count,
    before_cutoff_count,
    after_cutoff_count,
    cutoff_gap_mean,
    cutoff_gap_ci95_lower,
    cutoff_gap_ci95_upper,
    cutoff_gap_holm_p_value,
    is_public_better or is_older_better or is_reference_told or is_canary_told as is_flagged,
    array_remove(
        array[
            case when is_public_better then 'public_scores_higher' end,
            case when is_older_better then 'older_scores_higher' end,
            case when is_reference_told then 'reference_told' end,
            case when is_canary_told then 'canary_told' end
        ],
        null
    ) as reasons,
    is_simulated
from explained
