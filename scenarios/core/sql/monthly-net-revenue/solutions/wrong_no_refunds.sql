-- score: 3.5 - leaves the refunds out
SELECT
  date_trunc('month', {{money.moment}})::DATE AS month,
  sum(amount_cents) AS gross_cents,
  0 AS refunded_cents,
  sum(amount_cents) AS net_cents,
  sum(sum(amount_cents)) OVER (ORDER BY date_trunc('month', {{money.moment}})) AS net_ytd_cents,
  round(
    100.0 * sum(amount_cents) / lag(sum(amount_cents)) OVER (ORDER BY date_trunc('month', {{money.moment}})) - 100, 1
  ) AS net_change_pct
FROM {{money.table}}
WHERE status = '{{done}}'
GROUP BY date_trunc('month', {{money.moment}})
ORDER BY month
