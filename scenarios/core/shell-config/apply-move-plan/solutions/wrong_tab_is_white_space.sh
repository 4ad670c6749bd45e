# score: 9 - splits with IFS set to TAB, which merges tabs in a row and drops those at the ends
set -u
dry=0
if [ "$1" = "{{flag.dry}}" ]; then dry=1; shift; fi
plan=$1

declare -A sources targets seen_source seen_target
numbers=(); from=(); to=(); errors=()
n=0
while IFS= read -r line || [ -n "$line" ]; do
  n=$((n + 1))
  case $line in '' | '#'*) continue ;; esac
  IFS=$'\t' read -r old new extra <<<"$line"
  if [ -z "$old" ] || [ -z "$new" ] || [ -n "$extra" ]; then
    errors[n]=malformed
    continue
  fi
  numbers+=("$n"); from+=("$old"); to+=("$new")
  sources["$old"]=1; targets["$new"]=1
done < "$plan"

blocked() {
  local dir
  dir=$(dirname -- "$1")
  while [ "$dir" != . ]; do
    [ -n "${targets["$dir"]:-}" ] && return 0
    [ -f "$dir" ] && [ -z "${sources["$dir"]:-}" ] && return 0
    dir=$(dirname -- "$dir")
  done
  return 1
}

for i in "${!numbers[@]}"; do
  old=${from[i]} new=${to[i]} n=${numbers[i]}
  if [ ! -f "$old" ]; then errors[n]="no such file"
  elif [ -n "${seen_source["$old"]:-}" ]; then errors[n]="moved twice"
  elif [ -n "${seen_target["$new"]:-}" ]; then errors[n]="target twice"
  elif [ -e "$new" ] && [ -z "${sources["$new"]:-}" ]; then errors[n]="target exists"
  elif blocked "$new"; then errors[n]="below a file"
  fi
  seen_source["$old"]=1; seen_target["$new"]=1
done

if [ "${#errors[@]}" -gt 0 ]; then
  for n in "${!errors[@]}"; do echo "line $n: ${errors[n]}"; done
  exit {{flag.status}}
fi

if [ "$dry" -eq 0 ]; then
  tmp=$(mktemp -d -p .)
  for i in "${!numbers[@]}"; do mv -- "${from[i]}" "$tmp/$i"; done
  for i in "${!numbers[@]}"; do
    mkdir -p -- "$(dirname -- "${to[i]}")"
    mv -- "$tmp/$i" "${to[i]}"
  done
  rmdir "$tmp"
fi
for i in "${!numbers[@]}"; do
  [ "${from[i]}" = "${to[i]}" ] || printf '%s -> %s\n' "${from[i]}" "${to[i]}"
done
