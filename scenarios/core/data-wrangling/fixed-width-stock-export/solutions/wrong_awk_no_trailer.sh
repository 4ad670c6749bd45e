# score: 7 - never looks at the trailer, quotes names with commas only
#!/bin/bash
[ $# -eq 1 ] && [ -f "$1" ] || exit 2
tr -d '\r' < "$1" | awk '
BEGIN { print "article,name,quantity,price,counted" }
/^D/ {
  name = substr($0, 10, 20)
  gsub(/^ +| +$/, "", name)
  if (index(name, ",")) name = "\"" name "\""
  q = substr($0, 30, 7)
  n = q + 0
  if (index(q, "-")) n = -n
  day = substr($0, 45, 8)
  if (day + 0 == 0) day = ""
  else day = substr(day, 1, 4) "-" substr(day, 5, 2) "-" substr(day, 7, 2)
  printf "%d,%s,%d,%.2f,%s\n", substr($0, 2, 8), name, n, substr($0, 37, 8) / 100, day
}'
