-- score: 7 - compares the first event of each step, so what happened too early hides the later one
WITH firsts AS (
  SELECT
    u.user_id,
    min(CASE WHEN e.name = '{{step.one}}' THEN e.happened_at END) AS t1,
    min(CASE WHEN e.name = '{{step.two}}' THEN e.happened_at END) AS t2,
    min(CASE WHEN e.name = '{{step.three}}' THEN e.happened_at END) AS t3,
    min(CASE WHEN e.name = '{{step.four}}' THEN e.happened_at END) AS t4
  FROM users u
  JOIN events e ON e.user_id = u.user_id
  GROUP BY u.user_id
),
depths AS (
  SELECT
    user_id,
    CASE
      WHEN t1 IS NULL THEN 0
      WHEN t2 IS NULL OR t2 < t1 OR t2 > t1 + INTERVAL {{window.days}} DAY THEN 1
      WHEN t3 IS NULL OR t3 < t2 OR t3 > t1 + INTERVAL {{window.days}} DAY THEN 2
      WHEN t4 IS NULL OR t4 < t3 OR t4 > t1 + INTERVAL {{window.days}} DAY THEN 3
      ELSE 4
    END AS depth
  FROM firsts
),
counts AS (
  SELECT coalesce(u.channel, 'unknown') AS channel, s.step, s.name, count(CASE WHEN f.depth >= s.step THEN 1 END) AS user_count
  FROM users u
  CROSS JOIN (VALUES (1, '{{step.one}}'), (2, '{{step.two}}'), (3, '{{step.three}}'), (4, '{{step.four}}')) AS s (step, name)
  LEFT JOIN depths f ON f.user_id = u.user_id
  GROUP BY ALL
)
SELECT
  channel,
  step,
  name,
  user_count,
  round(100.0 * user_count / nullif(lag(user_count) OVER (PARTITION BY channel ORDER BY step), 0), 1) AS pct_of_previous
FROM counts
ORDER BY channel, step
