-- score: 9 - joins only what is there on both sides
WITH ordered AS (
  SELECT {{shop.deal_id}}, sum(unit_price_cents) AS cents FROM {{shop.line}} GROUP BY {{shop.deal_id}}
),
paid AS (
  SELECT {{shop.deal_id}}, 100 * sum(CASE WHEN kind = '{{back}}' THEN -amount_cents ELSE amount_cents END) AS cents
  FROM payments
  WHERE kind <> 'pending'
  GROUP BY {{shop.deal_id}}
)
SELECT
  d.{{shop.id}},
  count(*) AS {{shop.deal}},
  sum(o.cents) AS ordered_cents,
  sum(p.cents) AS paid_cents,
  sum(o.cents) - sum(p.cents) AS open_cents
FROM {{shop.deal}} d
JOIN ordered o USING ({{shop.deal_id}})
JOIN paid p USING ({{shop.deal_id}})
GROUP BY d.{{shop.id}}
ORDER BY open_cents DESC, d.{{shop.id}}
