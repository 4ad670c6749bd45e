-- score: 3.5 - keeps the newest row as it is, with its gaps and its own flag, also of rows without an address
WITH ranked AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY lower(trim(email))) AS row_count,
    row_number() OVER (PARTITION BY lower(trim(email)) ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC) AS place
  FROM {{crm.table}}
)
SELECT
  {{crm.key}},
  lower(trim(email)) AS email,
  trim(full_name) AS full_name,
  trim(phone) AS phone,
  trim({{crm.org}}) AS {{crm.org}},
  coalesce({{flag}}, false) AS {{flag}},
  row_count
FROM ranked
WHERE place = 1
ORDER BY {{crm.key}}
