# score: 5.5 - lets bash take numbers with zeros on the left for octal ones, forgets CR and the line without its end
#!/bin/bash
file=$1
if [ $# -ne 1 ] || [ ! -f "$file" ]; then
  exit 2
fi
expected=$(grep '^T' "$file" | cut -c2-9)
actual=$(grep -c '^D' "$file")
if [ -z "$expected" ] || [ "$expected" -ne "$actual" ]; then
  echo "trailer does not match" >&2
  exit 3
fi
echo "article,name,quantity,price,counted"
while IFS= read -r line; do
  [[ $line == D* ]] || continue
  article=$((10#${line:1:8}))
  name=$(echo "${line:9:20}" | sed 's/^ *//; s/ *$//')
  if [[ $name == *,* || $name == *\"* ]]; then
    name="\"${name//\"/\"\"}\""
  fi
  field=${line:29:7}
  digits=$(echo "$field" | tr -d ' -')
  quantity=$((digits))
  [[ $field == *-* ]] && quantity=$((-quantity))
  cents=$(echo "${line:36:8}" | tr -d ' ')
  printf -v price '%d.%02d' $((cents / 100)) $((cents % 100))
  day=${line:44:8}
  if [[ -z ${day// /} || $day == 00000000 ]]; then
    day=""
  else
    day="${day:0:4}-${day:4:2}-${day:6:2}"
  fi
  echo "$article,$name,$quantity,$price,$day"
done < "$file"
