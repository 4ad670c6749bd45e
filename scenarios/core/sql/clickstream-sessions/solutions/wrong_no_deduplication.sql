-- score: 7.5 - counts what was sent twice, and starts a session at exactly the limit
WITH marked AS (
  SELECT
    *,
    CASE
      WHEN date_diff('minute', lag(viewed_at) OVER w, viewed_at) < {{gap.minutes}} THEN 0
      ELSE 1
    END AS is_start
  FROM page_views
  WHERE {{who}} IS NOT NULL
  WINDOW w AS (PARTITION BY {{who}} ORDER BY viewed_at, event_id)
),
numbered AS (
  SELECT *, sum(is_start) OVER (PARTITION BY {{who}} ORDER BY viewed_at, event_id) AS session_number FROM marked
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
