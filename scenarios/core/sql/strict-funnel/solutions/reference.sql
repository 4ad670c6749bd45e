-- score: 10
-- PostgreSQL 15 runs it too. In an attempt the first event that can reach a step leaves most to come, so it is enough to follow that one.
WITH placed AS (
  SELECT e.user_id, e.name, e.happened_at, row_number() OVER (PARTITION BY e.user_id ORDER BY e.happened_at, e.event_id) AS place
  FROM events e
  JOIN users u ON u.user_id = e.user_id
),
reached_1 AS (
  SELECT user_id, happened_at AS start_at, place FROM placed WHERE name = '{{step.one}}'
),
reached_2 AS (
  SELECT a.user_id, a.start_at, min(e.place) AS place
  FROM reached_1 a
  JOIN placed e
    ON e.user_id = a.user_id AND e.name = '{{step.two}}' AND e.place > a.place
    AND e.happened_at <= a.start_at + INTERVAL '{{window.days}} days'
  GROUP BY a.user_id, a.start_at, a.place
),
reached_3 AS (
  SELECT a.user_id, a.start_at, min(e.place) AS place
  FROM reached_2 a
  JOIN placed e
    ON e.user_id = a.user_id AND e.name = '{{step.three}}' AND e.place > a.place
    AND e.happened_at <= a.start_at + INTERVAL '{{window.days}} days'
  GROUP BY a.user_id, a.start_at, a.place
),
reached_4 AS (
  SELECT a.user_id, a.start_at, min(e.place) AS place
  FROM reached_3 a
  JOIN placed e
    ON e.user_id = a.user_id AND e.name = '{{step.four}}' AND e.place > a.place
    AND e.happened_at <= a.start_at + INTERVAL '{{window.days}} days'
  GROUP BY a.user_id, a.start_at, a.place
),
reached AS (
  SELECT 1 AS step, user_id FROM reached_1
  UNION
  SELECT 2, user_id FROM reached_2
  UNION
  SELECT 3, user_id FROM reached_3
  UNION
  SELECT 4, user_id FROM reached_4
),
steps AS (
  SELECT *
  FROM (
    VALUES (1, '{{step.one}}'), (2, '{{step.two}}'), (3, '{{step.three}}'), (4, '{{step.four}}')
  ) AS s (step, name)
),
counts AS (
  SELECT coalesce(u.channel, 'unknown') AS channel, s.step, s.name, count(r.user_id) AS user_count
  FROM users u
  CROSS JOIN steps s
  LEFT JOIN reached r ON r.user_id = u.user_id AND r.step = s.step
  GROUP BY coalesce(u.channel, 'unknown'), s.step, s.name
)
SELECT
  *,
  round(100.0 * user_count / nullif(lag(user_count) OVER (PARTITION BY channel ORDER BY step), 0), 1) AS pct_of_previous
FROM counts
ORDER BY channel, step
