-- score: 2 - joins every version of the period, so corrected lines come twice, ignores local dates and entries, and shows zeros for nulls
SELECT
  o.line_id,
  CAST(o.ordered_at AS DATE) AS ordered_on,
  v.version_id,
  coalesce(v.price_cents, 0) AS price_cents,
  coalesce(v.price_cents, 0) * o.quantity AS amount_cents,
  CASE WHEN v.version_id IS NULL THEN 'unknown' WHEN v.price_cents IS NULL THEN 'withdrawn' ELSE 'priced' END AS status
FROM order_lines o
LEFT JOIN price_versions v
  ON v.{{item}} = o.{{item}}
  AND o.ordered_at >= v.valid_from
  AND o.ordered_at < coalesce(v.valid_to, DATE '9999-12-31')
ORDER BY o.line_id
