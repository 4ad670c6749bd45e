# score: 8 - writes minus zero as the export does, and leaves CR in the last cell
#!/bin/bash
if [[ $# -ne 1 || ! -f $1 ]]; then
  echo "usage: $0 FILE" >&2
  exit 2
fi

strip() {
  local digits=${1// /}
  digits=${digits#"${digits%%[!0]*}"}
  printf '%s' "${digits:-0}"
}

count=0
promised=
rows=()
while IFS= read -r line || [[ -n $line ]]; do
  case $line in
    T*) promised=$(strip "${line:1:8}") ;;
    D*)
      count=$((count + 1))
      article=$(strip "${line:1:8}")
      name=${line:9:20}
      name=${name%"${name##*[! ]}"}
      name=${name#"${name%%[! ]*}"}
      if [[ $name == *[,\"]* ]]; then
        name="\"${name//\"/\"\"}\""
      fi
      quantity=${line:29:7}
      minus=
      [[ $quantity == *- ]] && minus=-
      quantity=$minus$(strip "${quantity%-}")
      cents=$(strip "${line:36:8}")
      price=$(printf '%d.%02d' $((cents / 100)) $((cents % 100)))
      day=${line:44:8}
      if [[ $day =~ ^[0-9]{8}$ && $day != 00000000 ]]; then
        day=${day:0:4}-${day:4:2}-${day:6:2}
      else
        day=
      fi
      rows+=("$article,$name,$quantity,$price,$day")
      ;;
  esac
done < "$1"

[[ -n $promised && $promised == "$count" ]] || exit 3
echo "article,name,quantity,price,counted"
if ((count)); then
  printf '%s\n' "${rows[@]}"
fi
