# score: 10
set -euo pipefail
shopt -s extglob
export LC_ALL=C

fail() {
  echo "usage: prune.sh [--dry-run] KEEP DIR" >&2
  exit 2
}

dry_run=
if [[ ${1-} == --dry-run ]]; then
  dry_run=yes
  shift
fi
[[ $# -eq 2 && $1 =~ ^[0-9]+$ && -d $2 ]] || fail
keep=${1##+(0)}
dir=$2

declare -A seen
victims=()
# Newest first: a log's files follow each other by date, and of one date the plain file (key 1) comes before the .gz (key 0).
while IFS=$'\t' read -r key path; do
  log=${path%.gz}
  log=${log%.*}
  rank=$((${seen[$log]-0} + 1))
  seen[$log]=$rank
  if ((rank > keep)); then
    victims+=("$path")
  fi
done < <(
  find "$dir" -type f -regextype posix-extended -regex '.*/[^/]+\.log\.[0-9]{4}-[0-9]{2}-[0-9]{2}(\.gz)?' |
    awk '{ plain = $0; zipped = sub(/\.gz$/, "", plain); print substr(plain, length(plain) - 9) (zipped ? 0 : 1) "\t" $0 }' |
    sort -r
)

((${#victims[@]})) || exit 0
printf '%s\n' "${victims[@]}" | sort
[[ $dry_run ]] || rm -- "${victims[@]}"
