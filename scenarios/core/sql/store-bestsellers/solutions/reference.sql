-- score: 10
-- PostgreSQL 15 runs it too.
WITH revenues AS (
  SELECT {{shop.key}}, product, sum(quantity * price_cents) AS revenue_cents
  FROM sales
  WHERE product IS NOT NULL
    AND sold_at >= TIMESTAMP '{{month.ym}}-01 00:00:00'
    AND sold_at < TIMESTAMP '{{month.after}} 00:00:00'
  GROUP BY {{shop.key}}, product
  HAVING sum(quantity * price_cents) > 0
),
ranked AS (
  SELECT *, rank() OVER (PARTITION BY {{shop.key}} ORDER BY revenue_cents DESC) AS place
  FROM revenues
)
SELECT s.{{shop.key}}, s.city, r.place, r.product, r.revenue_cents
FROM {{shop.table}} s
LEFT JOIN ranked r ON r.{{shop.key}} = s.{{shop.key}} AND r.place <= 3
ORDER BY s.{{shop.key}}, r.place, r.product
