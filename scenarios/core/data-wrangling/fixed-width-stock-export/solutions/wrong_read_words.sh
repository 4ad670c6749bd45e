# score: 3 - reads lines without -r and IFS, echoes names unquoted, prints rows before the trailer is known
#!/bin/bash
if [ ! -f "$1" ]; then
  exit 2
fi
echo "article,name,quantity,price,counted"
n=0
while read line; do
  case "$line" in
    D*)
      n=$((n + 1))
      name=$(echo ${line:9:20})
      case "$name" in *,*) name="\"$name\"" ;; esac
      qty=$(echo "${line:29:7}" | tr -d ' ' | sed 's/^0*//')
      case "$qty" in *-) qty="-${qty%-}" ;; esac
      price=$(echo "${line:36:8}" | awk '{ printf "%.2f", $1 / 100 }')
      day=${line:44:8}
      if [ "$day" = "00000000" ]; then
        counted=""
      else
        counted="${day:0:4}-${day:4:2}-${day:6:2}"
      fi
      echo "$((10#${line:1:8})),$name,${qty:-0},$price,$counted"
      ;;
    T*)
      if [ $((10#${line:1:8})) -ne $n ]; then
        exit 3
      fi
      ;;
  esac
done < "$1"
