-- score: 4.5 - compares each booking only with the next one, counts touching ones, takes no place for one, and asks only that they are not cancelled
WITH ordered AS (
  SELECT
    {{what.one}},
    booking_id AS first_id,
    lead(booking_id) OVER w AS second_id,
    lead(starts_at) OVER w AS clash_from,
    least(ends_at, lead(ends_at) OVER w) AS clash_to
  FROM bookings
  WHERE status <> 'cancelled'
  WINDOW w AS (PARTITION BY {{what.one}} ORDER BY starts_at, booking_id)
)
SELECT *, date_diff('minute', clash_from, clash_to) AS minutes
FROM ordered
WHERE clash_from <= clash_to
ORDER BY {{what.one}}, clash_from, first_id, second_id
