-- score: 3.5 - ranks within the city, counts what comes back as sold, and leaves out ties and the idle ones
SELECT {{shop.key}}, city, place, product, revenue_cents
FROM (
  SELECT
    s.{{shop.key}},
    s.city,
    row_number() OVER (PARTITION BY s.city ORDER BY sum(abs(x.quantity) * x.price_cents) DESC) AS place,
    x.product,
    sum(abs(x.quantity) * x.price_cents) AS revenue_cents
  FROM {{shop.table}} s
  JOIN sales x ON x.{{shop.key}} = s.{{shop.key}}
  WHERE CAST(x.sold_at AS DATE) BETWEEN DATE '{{month.ym}}-01' AND DATE '{{month.last}}'
  GROUP BY s.{{shop.key}}, s.city, x.product
) AS ranked
WHERE place <= 3
ORDER BY {{shop.key}}, place
