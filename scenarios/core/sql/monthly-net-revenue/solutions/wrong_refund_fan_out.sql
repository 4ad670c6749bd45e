-- score: 6 - joins refunds to the rows, so a row with two refunds counts twice and a refund lands in the month of payment
WITH bounds AS (
  SELECT min(date_trunc('month', {{money.moment}})) AS first, max(date_trunc('month', {{money.moment}})) AS last
  FROM {{money.table}}
  WHERE status = '{{done}}'
),
months AS (
  SELECT unnest(generate_series(first, last, INTERVAL 1 MONTH))::DATE AS month FROM bounds
),
sums AS (
  SELECT
    months.month,
    coalesce(sum(p.amount_cents), 0) AS gross_cents,
    coalesce(sum(r.amount_cents), 0) AS refunded_cents
  FROM months
  LEFT JOIN {{money.table}} p ON date_trunc('month', p.{{money.moment}}) = months.month AND p.status = '{{done}}'
  LEFT JOIN refunds r ON r.{{money.key}} = p.{{money.key}}
  GROUP BY months.month
),
nets AS (
  SELECT *, gross_cents - refunded_cents AS net_cents FROM sums
)
SELECT
  *,
  sum(net_cents) OVER (PARTITION BY year(month) ORDER BY month) AS net_ytd_cents,
  round(100.0 * (net_cents - lag(net_cents) OVER (ORDER BY month)) / nullif(abs(lag(net_cents) OVER (ORDER BY month)), 0), 1)
    AS net_change_pct
FROM nets
ORDER BY month
