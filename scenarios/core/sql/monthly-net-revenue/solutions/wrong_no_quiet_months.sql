-- score: 9 - has no rows for quiet months
WITH events AS (
  SELECT date_trunc('month', {{money.moment}})::DATE AS month, amount_cents AS gross, 0 AS refunded
  FROM {{money.table}}
  WHERE status = '{{done}}'
  UNION ALL
  SELECT date_trunc('month', r.refunded_at)::DATE, 0, r.amount_cents
  FROM refunds r
  JOIN {{money.table}} p ON p.{{money.key}} = r.{{money.key}} AND p.status = '{{done}}'
),
sums AS (
  SELECT month, sum(gross) AS gross_cents, sum(refunded) AS refunded_cents, sum(gross) - sum(refunded) AS net_cents
  FROM events
  GROUP BY month
)
SELECT
  month,
  gross_cents,
  refunded_cents,
  net_cents,
  sum(net_cents) OVER (PARTITION BY year(month) ORDER BY month) AS net_ytd_cents,
  round(100.0 * (net_cents - lag(net_cents) OVER w) / nullif(abs(lag(net_cents) OVER w), 0), 1) AS net_change_pct
FROM sums
WINDOW w AS (ORDER BY month)
ORDER BY month
