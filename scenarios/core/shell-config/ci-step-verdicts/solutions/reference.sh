# score: 10
set -u
export LC_ALL=C

refuse() {
  echo "usage: ci-verdicts.sh LOG..." >&2
  exit 3
}

(($#)) || refuse
for log in "$@"; do
  [[ -f $log && -r $log ]] || refuse
done

ended='^##\[end] (.+) exit=([0-9]+) took=([0-9]+)s$'
declare -A last had_failure
seconds=0
for log in "$@"; do
  while IFS= read -r line || [[ $line ]]; do
    [[ ${line%$'\r'} =~ $ended ]] || continue
    name=${BASH_REMATCH[1]}
    code=${BASH_REMATCH[2]}
    last[$name]=$code
    if ((code)); then
      had_failure[$name]=yes
    fi
    seconds=$((seconds + 10#${BASH_REMATCH[3]}))
  done <"$log"
done

verdict() {
  local code=${last[$1]}
  if ((code == 0)); then
    [[ ${had_failure[$1]-} ]] && echo flaky || echo ok
  elif ((code == 124)); then
    echo "timed out"
  elif ((code >= 129 && code <= 192)); then
    echo "killed by signal $((code - 128))"
  else
    echo "failed with $code"
  fi
}

status=0
if ((${#last[@]})); then
  while IFS= read -r name; do
    printf '%s: %s\n' "$name" "$(verdict "$name")"
    [[ ${last[$name]} == 0 ]] || status=1
  done < <(printf '%s\n' "${!last[@]}" | sort)
fi
echo "steps: ${#last[@]}, seconds: $seconds"
exit "$status"
