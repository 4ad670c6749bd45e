# score: 5.75 - lets read trim and eat backslashes, loses a last line without its line break and those with a CR, counts in octal
[ $# -gt 0 ] || exit 3
for log in "$@"; do
  [ -r "$log" ] || exit 3
done
declare -A last failed
total=0
for log in "$@"; do
  while read line; do
    if [[ $line =~ ^'##[end] '(.+)' exit='([0-9]+)' took='([0-9]+)s$ ]]; then
      name=${BASH_REMATCH[1]}
      code=${BASH_REMATCH[2]}
      last["$name"]=$code
      [ "$code" -ne 0 ] && failed["$name"]=1
      total=$((total + ${BASH_REMATCH[3]}))
    fi
  done < "$log"
done
status=0
while IFS= read -r name; do
  [ -n "$name" ] || continue
  code=${last["$name"]}
  if [ "$code" -eq 0 ]; then
    if [ -n "${failed["$name"]}" ]; then verdict=flaky; else verdict=ok; fi
  else
    status=1
    if [ "$code" -eq 124 ]; then verdict="timed out"
    elif [ "$code" -ge 129 ] && [ "$code" -le 192 ]; then verdict="killed by signal $((code - 128))"
    else verdict="failed with $code"
    fi
  fi
  echo "$name: $verdict"
done < <(printf '%s\n' "${!last[@]}" | LC_ALL=C sort)
echo "steps: ${#last[@]}, seconds: $total"
exit $status
