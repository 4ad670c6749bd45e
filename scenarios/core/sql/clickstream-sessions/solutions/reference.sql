-- score: 10
WITH views AS (
  SELECT min(event_id) AS event_id, {{who}}, viewed_at, page
  FROM page_views
  WHERE {{who}} IS NOT NULL
  GROUP BY {{who}}, viewed_at, page
),
marked AS (
  SELECT
    *,
    CASE WHEN viewed_at - lag(viewed_at) OVER in_order <= INTERVAL {{gap.minutes}} MINUTE THEN 0 ELSE 1 END AS is_start
  FROM views
  WINDOW in_order AS (PARTITION BY {{who}} ORDER BY viewed_at, event_id)
),
numbered AS (
  SELECT
    *,
    sum(is_start) OVER (PARTITION BY {{who}} ORDER BY viewed_at, event_id ROWS UNBOUNDED PRECEDING)::BIGINT AS session_number
  FROM marked
)
SELECT
  {{who}},
  session_number,
  min(viewed_at) AS started_at,
  max(viewed_at) AS ended_at,
  count(*) AS view_count,
  first(page ORDER BY viewed_at, event_id) AS landing_page,
  last(page ORDER BY viewed_at, event_id) AS exit_page,
  date_diff('second', min(viewed_at), max(viewed_at)) AS duration_s
FROM numbered
GROUP BY {{who}}, session_number
ORDER BY {{who}}, session_number
