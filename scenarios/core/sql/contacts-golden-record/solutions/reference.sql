-- score: 10
-- PostgreSQL 15 runs it too.
WITH clean AS (
  SELECT
    {{crm.key}},
    nullif(lower(trim(email)), '') AS email,
    nullif(trim(full_name), '') AS full_name,
    nullif(trim(phone), '') AS phone,
    nullif(trim({{crm.org}}), '') AS {{crm.org}},
    coalesce({{flag}}, false) AS {{flag}},
    updated_at
  FROM {{crm.table}}
)
SELECT
  (array_agg({{crm.key}} ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC))[1] AS {{crm.key}},
  email,
  (array_agg(full_name ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC) FILTER (WHERE full_name IS NOT NULL))[1] AS full_name,
  (array_agg(phone ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC) FILTER (WHERE phone IS NOT NULL))[1] AS phone,
  (array_agg({{crm.org}} ORDER BY updated_at DESC NULLS LAST, {{crm.key}} DESC) FILTER (WHERE {{crm.org}} IS NOT NULL))[1] AS {{crm.org}},
  bool_or({{flag}}) AS {{flag}},
  count(*) AS row_count
FROM clean
GROUP BY email, CASE WHEN email IS NULL THEN {{crm.key}} END
ORDER BY 1
