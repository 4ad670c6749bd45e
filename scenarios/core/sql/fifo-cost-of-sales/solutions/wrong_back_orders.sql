-- score: 7 - fills missing pieces from later deliveries: running totals overlap without regard to time
WITH valid AS (
  SELECT *
  FROM stock_moves
  WHERE kind <> 'reversal'
    AND move_id NOT IN (SELECT reverses FROM stock_moves WHERE reverses IS NOT NULL)
),
receipts AS (
  SELECT
    {{item}},
    unit_cost_cents,
    sum(quantity) OVER w - quantity AS start_at,
    sum(quantity) OVER w AS end_at
  FROM valid
  WHERE kind = '{{kind.come}}'
  WINDOW w AS (PARTITION BY {{item}} ORDER BY moved_at, move_id)
),
issues AS (
  SELECT
    move_id,
    {{item}},
    kind,
    quantity,
    sum(quantity) OVER w - quantity AS start_at,
    sum(quantity) OVER w AS end_at
  FROM valid
  WHERE kind IN ('{{kind.sold}}', '{{kind.lost}}')
  WINDOW w AS (PARTITION BY {{item}} ORDER BY moved_at, move_id)
),
matched AS (
  SELECT
    i.move_id,
    r.unit_cost_cents,
    least(i.end_at, r.end_at) - greatest(i.start_at, r.start_at) AS pieces
  FROM issues i
  JOIN receipts r ON r.{{item}} = i.{{item}} AND r.start_at < i.end_at AND r.end_at > i.start_at
)
SELECT
  i.move_id,
  i.{{item}},
  i.quantity,
  coalesce(sum(m.pieces), 0) AS taken,
  i.quantity - coalesce(sum(m.pieces), 0) AS short,
  CASE WHEN bool_or(m.pieces IS NOT NULL AND m.unit_cost_cents IS NULL) THEN NULL ELSE coalesce(sum(m.pieces * m.unit_cost_cents), 0) END AS cost_cents
FROM issues i
LEFT JOIN matched m ON m.move_id = i.move_id
WHERE i.kind = '{{kind.sold}}'
GROUP BY i.move_id, i.{{item}}, i.quantity
ORDER BY i.move_id
