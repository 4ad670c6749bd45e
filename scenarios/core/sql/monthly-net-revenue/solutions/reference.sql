-- score: 10
WITH paid AS (
  SELECT {{money.key}}, date_trunc('month', {{money.moment}})::DATE AS month, amount_cents
  FROM {{money.table}}
  WHERE status = '{{done}}'
),
events AS (
  SELECT month, amount_cents AS gross, 0 AS refunded FROM paid
  UNION ALL
  SELECT date_trunc('month', refunds.refunded_at)::DATE, 0, refunds.amount_cents
  FROM refunds
  JOIN paid USING ({{money.key}})
),
months AS (
  SELECT unnest(generate_series(min(month)::TIMESTAMP, max(month)::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month FROM events
),
sums AS (
  SELECT
    months.month,
    coalesce(sum(events.gross), 0)::BIGINT AS gross_cents,
    coalesce(sum(events.refunded), 0)::BIGINT AS refunded_cents
  FROM months
  LEFT JOIN events ON events.month = months.month
  GROUP BY months.month
),
nets AS (
  SELECT *, gross_cents - refunded_cents AS net_cents FROM sums
)
SELECT
  nets.month,
  nets.gross_cents,
  nets.refunded_cents,
  nets.net_cents,
  sum(nets.net_cents) OVER (PARTITION BY year(nets.month) ORDER BY nets.month)::BIGINT AS net_ytd_cents,
  round(100.0 * (nets.net_cents - before.net_cents) / nullif(abs(before.net_cents), 0), 1) AS net_change_pct
FROM nets
LEFT JOIN nets AS before ON before.month = nets.month - INTERVAL 1 MONTH
ORDER BY nets.month
