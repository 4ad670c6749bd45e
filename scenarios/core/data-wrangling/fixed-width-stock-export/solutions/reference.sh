# score: 10
#!/bin/bash
export LC_ALL=C
if [ $# -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: {{file.script}} FILE" >&2
  exit 2
fi
awk '
function trimmed(text) {
  gsub(/^ +| +$/, "", text)
  return text
}
function csv(text) {
  if (text !~ /[,"]/) return text
  gsub(/"/, "\"\"", text)
  return "\"" text "\""
}
{ sub(/\r$/, "") }
/^T/ { trailer = 1; promised = substr($0, 2, 8) + 0 }
/^D/ {
  articles++
  quantity = substr($0, 30, 7)
  sign = (quantity ~ /-/) ? -1 : 1
  sub(/-/, "", quantity)
  quantity = sign * (quantity + 0)
  price = substr($0, 37, 8) + 0
  day = substr($0, 45, 8)
  if (day ~ /^[ 0]*$/) day = ""
  else day = substr(day, 1, 4) "-" substr(day, 5, 2) "-" substr(day, 7, 2)
  rows = rows sprintf("%d,", substr($0, 2, 8) + 0) csv(trimmed(substr($0, 10, 20))) \
    sprintf(",%d,%d.%02d,", quantity, int(price / 100), price % 100) day "\n"
}
END {
  if (!trailer || promised != articles + 0) exit 3
  printf "%s", "article,name,quantity,price,counted\n" rows
}' "$1"
