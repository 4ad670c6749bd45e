-- score: 7 - takes the values of the latest times, so rows without a time never give any, and does not see empty texts
WITH keyed AS (
  SELECT *, lower(trim(email)) AS address, coalesce(nullif(lower(trim(email)), ''), 'none:' || {{crm.key}}) AS merge_key
  FROM {{crm.table}}
)
SELECT
  coalesce(arg_max({{crm.key}}, (updated_at, {{crm.key}})) FILTER (updated_at IS NOT NULL), max({{crm.key}})) AS {{crm.key}},
  nullif(any_value(address), '') AS email,
  trim(arg_max(full_name, (updated_at, {{crm.key}})) FILTER (full_name IS NOT NULL AND updated_at IS NOT NULL)) AS full_name,
  trim(arg_max(phone, (updated_at, {{crm.key}})) FILTER (phone IS NOT NULL AND updated_at IS NOT NULL)) AS phone,
  trim(arg_max({{crm.org}}, (updated_at, {{crm.key}})) FILTER ({{crm.org}} IS NOT NULL AND updated_at IS NOT NULL)) AS {{crm.org}},
  coalesce(bool_or({{flag}}), false) AS {{flag}},
  count(*) AS row_count
FROM keyed
GROUP BY merge_key
ORDER BY 1
