-- score: 6.5 - takes the version that starts last, whenever it was entered, and holds a version on the day of valid_to
SELECT
  o.line_id,
  CAST(o.ordered_at + to_minutes(s.utc_offset_minutes) AS DATE) AS ordered_on,
  v.version_id,
  v.price_cents,
  o.quantity * v.price_cents AS amount_cents,
  CASE
    WHEN v.version_id IS NULL THEN 'unknown'
    WHEN v.price_cents IS NULL THEN 'withdrawn'
    ELSE 'priced'
  END AS status
FROM order_lines o
JOIN {{site.table}} s USING ({{site.key}})
LEFT JOIN LATERAL (
  SELECT *
  FROM price_versions p
  WHERE p.{{item}} = o.{{item}}
    AND CAST(o.ordered_at + to_minutes(s.utc_offset_minutes) AS DATE) BETWEEN p.valid_from AND coalesce(p.valid_to, DATE '9999-12-31')
  ORDER BY p.valid_from DESC, p.version_id DESC
  LIMIT 1
) v ON true
ORDER BY o.line_id
