-- score: 8 - leaves out versions without a price before it picks one, so what is withdrawn is unknown or has its old price
WITH lines AS (
  SELECT o.*, CAST(o.ordered_at + s.utc_offset_minutes * INTERVAL 1 MINUTE AS DATE) AS ordered_on
  FROM order_lines o
  JOIN {{site.table}} s ON s.{{site.key}} = o.{{site.key}}
),
best AS (
  SELECT l.line_id, v.version_id, v.price_cents
  FROM lines l
  JOIN price_versions v
    ON v.{{item}} = l.{{item}}
    AND l.ordered_on >= v.valid_from
    AND (l.ordered_on < v.valid_to OR v.valid_to IS NULL)
    AND v.entered_at < l.ordered_at
  WHERE v.price_cents IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY l.line_id ORDER BY v.entered_at DESC, v.version_id DESC) = 1
)
SELECT
  l.line_id,
  l.ordered_on,
  b.version_id,
  b.price_cents,
  b.price_cents * l.quantity AS amount_cents,
  CASE WHEN b.price_cents IS NOT NULL THEN 'priced' WHEN b.version_id IS NOT NULL THEN 'withdrawn' ELSE 'unknown' END AS status
FROM lines l
LEFT JOIN best b USING (line_id)
ORDER BY l.line_id
