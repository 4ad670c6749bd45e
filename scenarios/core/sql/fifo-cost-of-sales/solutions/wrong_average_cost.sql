-- score: 2.5 - costs sales at the average of what came before, and looks only at the stock, not at which pieces
WITH active AS (
  SELECT *
  FROM stock_moves
  WHERE kind <> 'reversal' AND move_id NOT IN (SELECT reverses FROM stock_moves WHERE kind = 'reversal')
),
stock AS (
  SELECT
    *,
    coalesce(sum(CASE WHEN kind = '{{kind.come}}' THEN quantity ELSE -quantity END) OVER before, 0) AS on_hand,
    sum(quantity * unit_cost_cents) OVER before / nullif(sum(quantity) FILTER (kind = '{{kind.come}}') OVER before, 0) AS average_cost
  FROM active
  WINDOW before AS (PARTITION BY {{item}} ORDER BY moved_at, move_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT
  move_id,
  {{item}},
  quantity,
  least(quantity, greatest(on_hand, 0)) AS taken,
  quantity - least(quantity, greatest(on_hand, 0)) AS short,
  coalesce(round(least(quantity, greatest(on_hand, 0)) * average_cost), 0) AS cost_cents
FROM stock
WHERE kind = '{{kind.sold}}'
ORDER BY move_id
