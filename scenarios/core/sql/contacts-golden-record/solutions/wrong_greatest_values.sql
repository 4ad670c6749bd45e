-- score: 5.5 - takes the greatest value of each column, which is rarely the newest
SELECT
  max({{crm.key}}) AS {{crm.key}},
  nullif(lower(trim(email)), '') AS email,
  max(nullif(trim(full_name), '')) AS full_name,
  max(nullif(trim(phone), '')) AS phone,
  max(nullif(trim({{crm.org}}), '')) AS {{crm.org}},
  coalesce(bool_or({{flag}}), false) AS {{flag}},
  count(*) AS row_count
FROM {{crm.table}}
GROUP BY nullif(lower(trim(email)), ''), CASE WHEN nullif(trim(email), '') IS NULL THEN {{crm.key}} END
ORDER BY 1
