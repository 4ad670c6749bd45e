-- score: 6 - measures pauses over everybody's views together, keeps views of nobody and what was sent twice
WITH marked AS (
  SELECT *, viewed_at - lag(viewed_at) OVER (ORDER BY viewed_at, event_id) > INTERVAL {{gap.minutes}} MINUTE AS is_start
  FROM page_views
),
numbered AS (
  SELECT *, 1 + count(*) FILTER (is_start) OVER (ORDER BY viewed_at, event_id) AS session_number FROM marked
)
SELECT
  {{who}},
  session_number,
  min(viewed_at) AS started_at,
  max(viewed_at) AS ended_at,
  count(*) AS view_count,
  min_by(page, event_id) AS landing_page,
  max_by(page, event_id) AS exit_page,
  date_diff('second', min(viewed_at), max(viewed_at)) AS duration_s
FROM numbered
GROUP BY {{who}}, session_number
ORDER BY {{who}}, session_number
