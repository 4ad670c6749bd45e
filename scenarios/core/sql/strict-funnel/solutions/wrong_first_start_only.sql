-- score: 8 - follows only the first start of each user, and asks for later times
WITH t1 AS (
  SELECT user_id, min(happened_at) AS at_1 FROM events WHERE name = '{{step.one}}' GROUP BY user_id
),
t2 AS (
  SELECT t1.user_id, at_1, min(e.happened_at) AS at_2
  FROM t1
  LEFT JOIN events e
    ON e.user_id = t1.user_id AND e.name = '{{step.two}}' AND e.happened_at > at_1
    AND e.happened_at <= at_1 + INTERVAL {{window.days}} DAY
  GROUP BY ALL
),
t3 AS (
  SELECT t2.user_id, at_1, at_2, min(e.happened_at) AS at_3
  FROM t2
  LEFT JOIN events e
    ON e.user_id = t2.user_id AND e.name = '{{step.three}}' AND e.happened_at > at_2
    AND e.happened_at <= at_1 + INTERVAL {{window.days}} DAY
  GROUP BY ALL
),
t4 AS (
  SELECT t3.user_id, at_1, at_2, at_3, min(e.happened_at) AS at_4
  FROM t3
  LEFT JOIN events e
    ON e.user_id = t3.user_id AND e.name = '{{step.four}}' AND e.happened_at > at_3
    AND e.happened_at <= at_1 + INTERVAL {{window.days}} DAY
  GROUP BY ALL
),
depths AS (
  SELECT
    user_id,
    CASE WHEN at_4 IS NOT NULL THEN 4 WHEN at_3 IS NOT NULL THEN 3 WHEN at_2 IS NOT NULL THEN 2 ELSE 1 END AS depth
  FROM t4
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
