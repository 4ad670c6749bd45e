-- score: 9.5 - puts a far date in the place of a missing end and shows it
WITH sure AS (
  SELECT booking_id, {{what.one}}, starts_at, coalesce(ends_at, TIMESTAMP '9999-12-31 00:00:00') AS ends_at
  FROM bookings
  WHERE status = '{{status.sure}}' AND {{what.one}} IS NOT NULL
)
SELECT
  a.{{what.one}},
  a.booking_id AS first_id,
  b.booking_id AS second_id,
  greatest(a.starts_at, b.starts_at) AS clash_from,
  least(a.ends_at, b.ends_at) AS clash_to,
  date_diff('minute', greatest(a.starts_at, b.starts_at), least(a.ends_at, b.ends_at)) AS minutes
FROM sure a
JOIN sure b ON a.{{what.one}} = b.{{what.one}} AND (a.starts_at, a.booking_id) < (b.starts_at, b.booking_id)
WHERE a.starts_at < a.ends_at AND b.starts_at < b.ends_at AND b.starts_at < a.ends_at
ORDER BY 1, 4, 2, 3
