-- score: 8.5 - does not skip places behind a tie, and lists products that only came back
WITH monthly AS (
  SELECT
    {{shop.key}},
    product,
    sum(quantity * price_cents) AS revenue_cents,
    dense_rank() OVER (PARTITION BY {{shop.key}} ORDER BY sum(quantity * price_cents) DESC) AS place
  FROM sales
  WHERE product IS NOT NULL AND strftime(sold_at, '%Y-%m') = '{{month.ym}}'
  GROUP BY {{shop.key}}, product
)
SELECT s.{{shop.key}}, s.city, m.place, m.product, m.revenue_cents
FROM {{shop.table}} s
LEFT JOIN monthly m ON m.{{shop.key}} = s.{{shop.key}} AND m.place <= 3
ORDER BY s.{{shop.key}}, m.place, m.product
