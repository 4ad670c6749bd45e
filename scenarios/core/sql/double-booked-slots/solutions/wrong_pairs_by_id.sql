-- score: 8 - takes the smaller id for the earlier booking, and believes in typing errors
SELECT
  a.{{what.one}},
  a.booking_id AS first_id,
  b.booking_id AS second_id,
  greatest(a.starts_at, b.starts_at) AS clash_from,
  CASE WHEN a.ends_at IS NULL AND b.ends_at IS NULL THEN NULL ELSE least(coalesce(a.ends_at, b.ends_at), coalesce(b.ends_at, a.ends_at)) END AS clash_to,
  date_diff('minute', clash_from, clash_to) AS minutes
FROM bookings a
JOIN bookings b ON a.{{what.one}} = b.{{what.one}} AND a.booking_id < b.booking_id
WHERE a.status = '{{status.sure}}'
  AND b.status = '{{status.sure}}'
  AND a.starts_at < coalesce(b.ends_at, TIMESTAMP '9999-12-31')
  AND b.starts_at < coalesce(a.ends_at, TIMESTAMP '9999-12-31')
ORDER BY a.{{what.one}}, clash_from, first_id, second_id
