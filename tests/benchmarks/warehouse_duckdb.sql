-- The aggregates of the marts from Parquet files of the raw rows, as DuckDB computes them: what a rebuild is held against.
create table calls as
with latest as (
    select * from read_parquet('{parquet}/responses/*.parquet')
    qualify row_number() over (partition by benchmark_hour, call_id order by attempt desc) = 1
), graded as (
    select * from read_parquet('{parquet}/scores/*.parquet')
    qualify row_number() over (
        partition by benchmark_hour, call_id, attempt order by scorer_version desc, grading_attempt desc
    ) = 1
)
select
    p.benchmark_hour, p.suite, p.suite_version, p.call_id, p.target_id, p.scenario_id, p.scenario_version,
    split_part(p.scenario_id, '/', 1) as family, r.attempt, r.status as response_status, r.try_count, r.latency_ms,
    r.time_to_first_token_ms, r.cost_usd, r.input_tokens, r.output_tokens, r.finished_at, s.score, s.scorer_version,
    s.is_refusal, s.is_truncated, s.is_format_ok, s.score is not null and not r.is_late as is_measured,
    case when r.call_id is null then 'not_answered' when r.status = 'failed' then r.error_code
        when s.score is null then 'not_scored' end as reason
from read_parquet('{parquet}/planned_calls/*.parquet') as p
left join latest as r using (benchmark_hour, call_id)
left join graded as s using (benchmark_hour, call_id, attempt);

create table scenario_hours as
select target_id, suite, suite_version, scenario_id, family, benchmark_hour, count(*) as planned_count,
    count(*) filter (where is_measured) as scored_count, sum(score) filter (where is_measured) as score_sum,
    max(scorer_version), quantile_disc(latency_ms, 0.5) as latency_p50_ms, sum(cost_usd) as cost_usd
from calls group by all;

create macro rollup_of(step) as table
select target_id, coalesce(family, 'all') as family, date_trunc(step, benchmark_hour) as period, count(*),
    count(*) filter (where response_status = 'answered'), count(*) filter (where is_measured),
    count(distinct scenario_id) filter (where is_measured), count(distinct benchmark_hour), mode(reason),
    sum(cost_usd), sum(input_tokens), sum(output_tokens), quantile_disc(latency_ms, 0.5), quantile_disc(time_to_first_token_ms, 0.5)
from calls group by grouping sets ((target_id, period, family), (target_id, period));
create table hours as from rollup_of('hour');
create table days as from rollup_of('day');

create macro speeds_of(step) as table
select target_id, date_trunc(step, benchmark_hour) as period, coalesce(family, 'all') as family, count(*),
    quantile_disc(time_to_first_token_ms, [0.5, 0.9, 0.95, 0.99]), quantile_disc(latency_ms, [0.5, 0.9, 0.95, 0.99]),
    quantile_disc((output_tokens - 1) * 1000 / (latency_ms - time_to_first_token_ms), [0.5, 0.9, 0.95, 0.99])
from calls where response_status = 'answered'
group by grouping sets ((target_id, period, family), (target_id, period));
create table hourly_speeds as from speeds_of('hour') where family = 'all';
create table daily_speeds as from speeds_of('day');

create table reliability as
select target_id, benchmark_hour, count(*), count(*) filter (where try_count > 0), sum(try_count - 1),
    count(*) filter (where is_refusal), count(*) filter (where is_truncated), count(*) filter (where is_format_ok),
    histogram(coalesce(reason, 'answered'))
from calls group by all;
create table coverage as
select target_id, benchmark_hour, response_status, reason, count(*) from calls group by all;
create table costs as
select target_id, coalesce(family, 'all') as family, date_trunc('day', benchmark_hour) as day, sum(cost_usd),
    count(*) filter (where score = 10), sum(input_tokens), sum(output_tokens)
from calls group by grouping sets ((target_id, day, family), (target_id, day));
create table scenario_days as
select target_id, scenario_id, date_trunc('day', benchmark_hour) as day, sum(score_sum) / sum(scored_count)
from scenario_hours group by all;

create table windows as
with named (hour_count) as (values (24), (168), (720), (2160)), newest as (select max(benchmark_hour) as hour from calls)
select target_id, hour_count, coalesce(family, 'all') as family, count(*), count(distinct benchmark_hour),
    count(distinct scenario_id), avg(cost_usd), quantile_disc(latency_ms, 0.5), quantile_disc(time_to_first_token_ms, 0.5)
from calls, named, newest where benchmark_hour > newest.hour - interval (hour_count) hour
group by grouping sets ((target_id, hour_count, family), (target_id, hour_count));

create table intervals as
with periods as (
    select 'hour' as grain, benchmark_hour as period, target_id, family, scenario_id, score_sum, scored_count
    from scenario_hours where scored_count > 0
    union all
    select step, date_trunc(step, benchmark_hour), target_id, family, scenario_id, sum(score_sum), sum(scored_count)
    from scenario_hours, (values ('day'), ('week')) as steps (step) where scored_count > 0 group by all
), strata as (
    select grain, period, target_id, family, avg(score_sum / scored_count) as mean,
        var_samp(score_sum / scored_count) as variance, count(*) as scenarios
    from periods group by all
)
select grain, period, target_id, coalesce(family, 'all') as family, sum(mean * scenarios) / sum(scenarios),
    sqrt(sum(scenarios * variance)) / sum(scenarios), sum(scenarios)
from strata group by grouping sets ((grain, period, target_id, family), (grain, period, target_id));
