-- score: 7 - filters behind the outer join, so the idle ones vanish, and leaves out the last day of the month
WITH ranked AS (
  SELECT
    s.{{shop.key}},
    s.city,
    x.product,
    sum(x.quantity * x.price_cents) AS revenue_cents,
    rank() OVER (PARTITION BY s.{{shop.key}} ORDER BY sum(x.quantity * x.price_cents) DESC) AS place
  FROM {{shop.table}} s
  LEFT JOIN sales x ON x.{{shop.key}} = s.{{shop.key}}
  WHERE x.product IS NOT NULL
    AND x.sold_at BETWEEN TIMESTAMP '{{month.ym}}-01' AND TIMESTAMP '{{month.last}}'
  GROUP BY s.{{shop.key}}, s.city, x.product
)
SELECT {{shop.key}}, city, place, product, revenue_cents
FROM ranked
WHERE place <= 3 AND revenue_cents > 0
ORDER BY {{shop.key}}, place, product
