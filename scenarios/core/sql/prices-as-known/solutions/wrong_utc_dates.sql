-- score: 8.5 - looks prices up by the date in UTC
WITH lines AS (
  SELECT
    o.line_id,
    o.{{item}},
    o.quantity,
    o.ordered_at,
    CAST(o.ordered_at AS DATE) AS ordered_on
  FROM order_lines o
  JOIN {{site.table}} s ON s.{{site.key}} = o.{{site.key}}
),
candidates AS (
  SELECT
    l.line_id,
    l.ordered_on,
    l.quantity,
    v.version_id,
    v.price_cents,
    row_number() OVER (PARTITION BY l.line_id ORDER BY v.entered_at DESC, v.version_id DESC) AS place
  FROM lines l
  LEFT JOIN price_versions v
    ON v.{{item}} = l.{{item}}
    AND v.valid_from <= l.ordered_on
    AND (v.valid_to IS NULL OR v.valid_to > l.ordered_on)
    AND v.entered_at <= l.ordered_at
)
SELECT
  line_id,
  ordered_on,
  version_id,
  price_cents,
  price_cents * quantity AS amount_cents,
  CASE WHEN version_id IS NULL THEN 'unknown' WHEN price_cents IS NULL THEN 'withdrawn' ELSE 'priced' END AS status
FROM candidates
WHERE place = 1
ORDER BY line_id
