-- score: 3.5 - takes each day for one session
SELECT
  {{who}},
  row_number() OVER (PARTITION BY {{who}} ORDER BY min(viewed_at)) AS session_number,
  min(viewed_at) AS started_at,
  max(viewed_at) AS ended_at,
  count(*) AS view_count,
  first(page ORDER BY viewed_at) AS landing_page,
  last(page ORDER BY viewed_at) AS exit_page,
  date_diff('second', min(viewed_at), max(viewed_at)) AS duration_s
FROM page_views
WHERE {{who}} IS NOT NULL
GROUP BY {{who}}, viewed_at::DATE
ORDER BY {{who}}, session_number
