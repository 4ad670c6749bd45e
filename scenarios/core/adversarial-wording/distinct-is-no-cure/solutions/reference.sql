-- score: 10
WITH ordered AS (
  SELECT {{shop.deal_id}}, sum(unit_price_cents) AS cents
  FROM {{shop.line}}
  GROUP BY {{shop.deal_id}}
),
paid AS (
  SELECT
    {{shop.deal_id}},
    sum(CASE kind WHEN '{{back}}' THEN -100 WHEN 'pending' THEN 0 ELSE 100 END * amount_cents) AS cents
  FROM payments
  GROUP BY {{shop.deal_id}}
),
balances AS (
  SELECT
    w.{{shop.id}},
    count(d.{{shop.deal_id}}) AS {{shop.deal}},
    coalesce(sum(o.cents), 0) AS ordered_cents,
    coalesce(sum(p.cents), 0) AS paid_cents
  FROM {{shop.who}} w
  LEFT JOIN {{shop.deal}} d USING ({{shop.id}})
  LEFT JOIN ordered o USING ({{shop.deal_id}})
  LEFT JOIN paid p USING ({{shop.deal_id}})
  GROUP BY w.{{shop.id}}
)
SELECT *, ordered_cents - paid_cents AS open_cents
FROM balances
ORDER BY open_cents DESC, {{shop.id}}
