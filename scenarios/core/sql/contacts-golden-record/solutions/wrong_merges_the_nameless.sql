-- score: 9 - takes all rows without an address for one contact
WITH clean AS (
  SELECT
    {{crm.key}},
    nullif(trim(lower(email)), '') AS email,
    nullif(trim(full_name), '') AS full_name,
    nullif(trim(phone), '') AS phone,
    nullif(trim({{crm.org}}), '') AS {{crm.org}},
    {{flag}},
    updated_at
  FROM {{crm.table}}
),
filled AS (
  SELECT
    {{crm.key}},
    email,
    first_value(full_name IGNORE NULLS) OVER w AS full_name,
    first_value(phone IGNORE NULLS) OVER w AS phone,
    first_value({{crm.org}} IGNORE NULLS) OVER w AS {{crm.org}},
    bool_or({{flag}}) OVER w AS {{flag}},
    count(*) OVER w AS row_count,
    row_number() OVER (PARTITION BY email ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC) AS place
  FROM clean
  WINDOW w AS (
    PARTITION BY email ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  )
)
SELECT {{crm.key}}, email, full_name, phone, {{crm.org}}, coalesce({{flag}}, false) AS {{flag}}, row_count
FROM filled
WHERE place = 1
ORDER BY {{crm.key}}
