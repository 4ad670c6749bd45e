-- score: 10
-- PostgreSQL 15 runs it too. What is missing at any time is how far the running balance has ever been below zero, so a move is short
-- by how much that grows; pieces taken and pieces that came then meet where their running totals overlap.
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
    AND NOT EXISTS (SELECT 1 FROM stock_moves r WHERE r.kind = 'reversal' AND r.reverses = m.move_id)
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
  CASE
    WHEN count(g.move_id) > count(g.unit_cost_cents) THEN NULL
    ELSE coalesce(
      sum((least(t.taken_to, g.given_to) - greatest(t.taken_to - t.taken, g.given_to - g.quantity)) * g.unit_cost_cents), 0
    )
  END AS cost_cents
FROM takers t
LEFT JOIN givers g
  ON g.{{item}} = t.{{item}} AND g.given_to > t.taken_to - t.taken AND g.given_to - g.quantity < t.taken_to
WHERE t.kind = '{{kind.sold}}'
GROUP BY t.move_id, t.{{item}}, t.quantity, t.taken
ORDER BY t.move_id
