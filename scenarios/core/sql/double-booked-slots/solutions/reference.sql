-- score: 10
-- PostgreSQL 15 runs it too; both leave nulls out in least().
WITH sure AS (
  SELECT booking_id, {{what.one}}, starts_at, ends_at
  FROM bookings
  WHERE status = '{{status.sure}}' AND (ends_at IS NULL OR ends_at > starts_at)
),
clashes AS (
  SELECT
    a.{{what.one}},
    a.booking_id AS first_id,
    b.booking_id AS second_id,
    b.starts_at AS clash_from,
    least(a.ends_at, b.ends_at) AS clash_to
  FROM sure a
  JOIN sure b
    ON b.{{what.one}} = a.{{what.one}}
    AND (b.starts_at > a.starts_at OR (b.starts_at = a.starts_at AND b.booking_id > a.booking_id))
    AND (a.ends_at IS NULL OR a.ends_at > b.starts_at)
)
SELECT *, CAST(extract(epoch FROM clash_to - clash_from) / 60 AS INTEGER) AS minutes
FROM clashes
ORDER BY {{what.one}}, clash_from, first_id, second_id
