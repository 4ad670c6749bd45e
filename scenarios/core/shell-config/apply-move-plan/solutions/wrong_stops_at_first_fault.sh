# score: 6 - reports only the first fault, and takes names with dashes for options
set -euo pipefail
dry=0
if [[ "$1" == "{{flag.dry}}" ]]; then dry=1; shift; fi
die() { echo "line $1: $2"; exit {{flag.status}}; }
declare -A moving=() target=()
olds=(); news=(); nums=()
n=0
while IFS= read -r line || [[ -n "$line" ]]; do
  n=$((n + 1))
  if [[ -z "$line" || "$line" == "#"* ]]; then continue; fi
  if [[ "$(tr -cd '\t' <<<"$line" | wc -c)" -ne 1 ]]; then die "$n" malformed; fi
  old="${line%%$'\t'*}"
  new="${line##*$'\t'}"
  if [[ -z "$old" || -z "$new" ]]; then die "$n" malformed; fi
  if [[ ! -f "$old" ]]; then die "$n" "no such file"; fi
  if [[ -n "${moving[$old]:-}" ]]; then die "$n" "moved twice"; fi
  if [[ -n "${target[$new]:-}" ]]; then die "$n" "target twice"; fi
  moving[$old]=1
  target[$new]=1
  olds+=("$old"); news+=("$new"); nums+=("$n")
done <"$1"
for i in "${!olds[@]}"; do
  new="${news[$i]}"
  if [[ -e "$new" && -z "${moving[$new]:-}" ]]; then die "${nums[$i]}" "target exists"; fi
  parent="$(dirname "$new")"
  if [[ -n "${target[$parent]:-}" || ( -f "$parent" && -z "${moving[$parent]:-}" ) ]]; then die "${nums[$i]}" "below a file"; fi
done
for i in "${!olds[@]}"; do
  if [[ "${olds[$i]}" == "${news[$i]}" ]]; then continue; fi
  echo "${olds[$i]} -> ${news[$i]}"
done
if [[ $dry -eq 1 ]]; then exit 0; fi
tmp="$(mktemp -d)"
trap 'rm -rf "$tmp"' EXIT
for i in "${!olds[@]}"; do mv "${olds[$i]}" "$tmp/$i"; done
for i in "${!olds[@]}"; do mkdir -p "$(dirname "${news[$i]}")"; mv "$tmp/$i" "${news[$i]}"; done
