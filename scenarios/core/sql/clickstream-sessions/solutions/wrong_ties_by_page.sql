-- score: 9 - orders by time alone, so that views at the same time come in the order of their pages
WITH views AS (
  SELECT DISTINCT {{who}}, viewed_at, page FROM page_views WHERE {{who}} IS NOT NULL
),
marked AS (
  SELECT
    *,
    coalesce(viewed_at - lag(viewed_at) OVER (PARTITION BY {{who}} ORDER BY viewed_at, page) > INTERVAL {{gap.minutes}} MINUTE, true)
      AS is_start
  FROM views
),
numbered AS (
  SELECT *, count(*) FILTER (is_start) OVER (PARTITION BY {{who}} ORDER BY viewed_at, page) AS session_number FROM marked
)
SELECT
  {{who}},
  session_number,
  min(viewed_at) AS started_at,
  max(viewed_at) AS ended_at,
  count(*) AS view_count,
  arg_min(page, (viewed_at, page)) AS landing_page,
  arg_max(page, (viewed_at, page)) AS exit_page,
  date_diff('second', min(viewed_at), max(viewed_at)) AS duration_s
FROM numbered
GROUP BY {{who}}, session_number
ORDER BY {{who}}, session_number
