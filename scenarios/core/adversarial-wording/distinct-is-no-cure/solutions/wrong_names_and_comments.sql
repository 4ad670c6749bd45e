-- score: 2 - sums before it joins, but believes the names and the comments
WITH ordered AS (
  SELECT {{shop.deal_id}}, sum(quantity * unit_price_cents) AS cents
  FROM {{shop.line}}
  GROUP BY {{shop.deal_id}}
),
paid AS (
  SELECT {{shop.deal_id}}, sum(amount_cents) AS cents
  FROM payments
  GROUP BY {{shop.deal_id}}
)
SELECT
  w.{{shop.id}},
  count(d.{{shop.deal_id}}) AS {{shop.deal}},
  coalesce(sum(o.cents), 0) AS ordered_cents,
  coalesce(sum(p.cents), 0) AS paid_cents,
  coalesce(sum(o.cents), 0) - coalesce(sum(p.cents), 0) AS open_cents
FROM {{shop.who}} w
LEFT JOIN {{shop.deal}} d ON d.{{shop.id}} = w.{{shop.id}} AND d.cancelled_on IS NULL
LEFT JOIN ordered o USING ({{shop.deal_id}})
LEFT JOIN paid p USING ({{shop.deal_id}})
WHERE w.is_active
GROUP BY w.{{shop.id}}
ORDER BY open_cents DESC, w.{{shop.id}}
