-- score: 5 - lets only sales take pieces, fills missing ones later, and has nulls where nothing was taken
WITH active AS (
  SELECT m.*
  FROM stock_moves m
  LEFT JOIN stock_moves r ON r.reverses = m.move_id
  WHERE r.move_id IS NULL
),
receipts AS (
  SELECT {{item}}, unit_cost_cents, quantity, sum(quantity) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id) AS upto
  FROM active
  WHERE kind = '{{kind.come}}'
),
sales AS (
  SELECT move_id, {{item}}, quantity, sum(quantity) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id) AS upto
  FROM active
  WHERE kind = '{{kind.sold}}'
)
SELECT
  s.move_id,
  s.{{item}},
  s.quantity,
  sum(least(s.upto, r.upto) - greatest(s.upto - s.quantity, r.upto - r.quantity)) AS taken,
  s.quantity - taken AS short,
  sum((least(s.upto, r.upto) - greatest(s.upto - s.quantity, r.upto - r.quantity)) * r.unit_cost_cents) AS cost_cents
FROM sales s
LEFT JOIN receipts r ON r.{{item}} = s.{{item}} AND s.upto > r.upto - r.quantity AND r.upto > s.upto - s.quantity
GROUP BY s.move_id, s.{{item}}, s.quantity
ORDER BY s.move_id
