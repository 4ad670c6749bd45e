-- score: 7.5 - pairs only what starts strictly later, so equal starts are missed, loses bookings without an end, and keeps typing errors
SELECT
  a.{{what.one}},
  a.booking_id AS first_id,
  b.booking_id AS second_id,
  b.starts_at AS clash_from,
  least(a.ends_at, b.ends_at) AS clash_to,
  CAST(extract(epoch FROM least(a.ends_at, b.ends_at) - b.starts_at) / 60 AS INTEGER) AS minutes
FROM bookings a
JOIN bookings b ON a.{{what.one}} = b.{{what.one}} AND a.starts_at < b.starts_at AND b.starts_at < a.ends_at
WHERE a.status = '{{status.sure}}' AND b.status = '{{status.sure}}'
ORDER BY a.{{what.one}}, clash_from, first_id, second_id
