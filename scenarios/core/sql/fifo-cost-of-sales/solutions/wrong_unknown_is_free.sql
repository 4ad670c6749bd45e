-- score: 8.5 - pieces of unknown cost cost nothing, and only reversed sales are undone
WITH valid AS (
  SELECT
    move_id,
    {{item}},
    moved_at,
    kind,
    quantity,
    unit_cost_cents,
    CASE WHEN kind = '{{kind.come}}' THEN quantity ELSE -quantity END AS change
  FROM stock_moves m
  WHERE kind <> 'reversal'
    AND NOT (kind = '{{kind.sold}}' AND EXISTS (SELECT 1 FROM stock_moves r WHERE r.reverses = m.move_id))
),
balances AS (
  SELECT *, sum(change) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id ROWS UNBOUNDED PRECEDING) AS balance
  FROM valid
),
missing AS (
  SELECT
    *,
    greatest(0, -min(balance) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id ROWS UNBOUNDED PRECEDING)) AS missing_so_far
  FROM balances
),
taking AS (
  SELECT
    *,
    CASE
      WHEN kind = '{{kind.come}}' THEN 0
      ELSE quantity - missing_so_far
        + coalesce(lag(missing_so_far) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id), 0)
    END AS taken
  FROM missing
),
takers AS (
  SELECT *, sum(taken) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id ROWS UNBOUNDED PRECEDING) AS taken_to
  FROM taking
  WHERE kind <> '{{kind.come}}'
),
givers AS (
  SELECT *, sum(quantity) OVER (PARTITION BY {{item}} ORDER BY moved_at, move_id ROWS UNBOUNDED PRECEDING) AS given_to
  FROM valid
  WHERE kind = '{{kind.come}}'
)
SELECT
  t.move_id,
  t.{{item}},
  t.quantity,
  t.taken,
  t.quantity - t.taken AS short,
  coalesce(
    sum((least(t.taken_to, g.given_to) - greatest(t.taken_to - t.taken, g.given_to - g.quantity)) * g.unit_cost_cents), 0
  ) AS cost_cents
FROM takers t
LEFT JOIN givers g
  ON g.{{item}} = t.{{item}} AND g.given_to > t.taken_to - t.taken AND g.given_to - g.quantity < t.taken_to
WHERE t.kind = '{{kind.sold}}'
GROUP BY t.move_id, t.{{item}}, t.quantity, t.taken
ORDER BY t.move_id
