-- score: 5 - counts who ever did what each step names, in any order and at any time
WITH steps AS (
  SELECT * FROM (VALUES (1, '{{step.one}}'), (2, '{{step.two}}'), (3, '{{step.three}}'), (4, '{{step.four}}')) AS s (step, name)
),
counts AS (
  SELECT coalesce(u.channel, 'unknown') AS channel, s.step, s.name, count(DISTINCT e.user_id) AS user_count
  FROM users u
  CROSS JOIN steps s
  LEFT JOIN events e ON e.user_id = u.user_id AND e.name = s.name
  GROUP BY 1, 2, 3
)
SELECT
  *,
  round(100.0 * user_count / nullif(lag(user_count) OVER (PARTITION BY channel ORDER BY step), 0), 1) AS pct_of_previous
FROM counts
ORDER BY channel, step
