-- score: 7.5 - multiplies the price of a position by its pieces, and takes all payments for money that we got
WITH ordered AS (
  SELECT {{shop.deal_id}}, sum(quantity * unit_price_cents) AS cents FROM {{shop.line}} GROUP BY ALL
),
paid AS (
  SELECT {{shop.deal_id}}, 100 * sum(amount_cents) AS cents FROM payments GROUP BY ALL
)
SELECT
  {{shop.id}},
  count({{shop.deal_id}}) AS {{shop.deal}},
  ifnull(sum(o.cents), 0) AS ordered_cents,
  ifnull(sum(p.cents), 0) AS paid_cents,
  ifnull(sum(o.cents), 0) - ifnull(sum(p.cents), 0) AS open_cents
FROM {{shop.who}}
LEFT JOIN {{shop.deal}} d USING ({{shop.id}})
LEFT JOIN ordered o USING ({{shop.deal_id}})
LEFT JOIN paid p USING ({{shop.deal_id}})
GROUP BY {{shop.id}}
ORDER BY open_cents DESC, {{shop.id}}
