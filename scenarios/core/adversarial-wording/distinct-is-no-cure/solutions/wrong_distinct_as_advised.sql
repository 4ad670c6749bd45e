-- score: 5 - the cure of the colleague: equal prices and equal amounts count once
SELECT
  w.{{shop.id}},
  count(DISTINCT d.{{shop.deal_id}}) AS {{shop.deal}},
  coalesce(sum(DISTINCT l.unit_price_cents), 0) AS ordered_cents,
  coalesce(sum(DISTINCT CASE p.kind WHEN '{{back}}' THEN -100 WHEN 'pending' THEN 0 ELSE 100 END * p.amount_cents), 0) AS paid_cents,
  coalesce(sum(DISTINCT l.unit_price_cents), 0)
    - coalesce(sum(DISTINCT CASE p.kind WHEN '{{back}}' THEN -100 WHEN 'pending' THEN 0 ELSE 100 END * p.amount_cents), 0) AS open_cents
FROM {{shop.who}} w
LEFT JOIN {{shop.deal}} d USING ({{shop.id}})
LEFT JOIN {{shop.line}} l USING ({{shop.deal_id}})
LEFT JOIN payments p USING ({{shop.deal_id}})
WHERE w.is_active
GROUP BY w.{{shop.id}}
ORDER BY open_cents DESC, w.{{shop.id}}
