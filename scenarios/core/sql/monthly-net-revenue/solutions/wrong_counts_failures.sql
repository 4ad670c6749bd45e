-- score: 5.5 - counts failed rows and their refunds, has no rows for quiet months, and its running sum never starts anew
WITH events AS (
  SELECT date_trunc('month', {{money.moment}})::DATE AS month, amount_cents AS gross, 0 AS refunded FROM {{money.table}}
  UNION ALL
  SELECT date_trunc('month', refunded_at)::DATE, 0, amount_cents FROM refunds
),
sums AS (
  SELECT month, sum(gross) AS gross_cents, sum(refunded) AS refunded_cents, sum(gross - refunded) AS net_cents
  FROM events
  GROUP BY month
)
SELECT
  *,
  sum(net_cents) OVER (ORDER BY month) AS net_ytd_cents,
  round(100.0 * (net_cents - lag(net_cents) OVER (ORDER BY month)) / lag(net_cents) OVER (ORDER BY month), 1) AS net_change_pct
FROM sums
ORDER BY month
