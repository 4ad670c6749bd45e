# score: 10
set -uo pipefail

dry_run=
if [[ ${1-} == "{{flag.dry}}" ]]; then
  dry_run=yes
  shift
fi
plan=$1

# Paths get a ./ in front, so that none looks like an option.
lines=() olds=() news=()
declare -A is_old is_new old_seen new_seen
faults=()
number=0
while IFS= read -r line || [[ $line ]]; do
  number=$((number + 1))
  [[ $line && $line != '#'* ]] || continue
  if [[ ! $line =~ ^[^$'\t']+$'\t'[^$'\t']+$ ]]; then
    faults[number]=malformed
    continue
  fi
  old=./${line%%$'\t'*}
  new=./${line#*$'\t'}
  lines+=("$number") olds+=("$old") news+=("$new")
  is_old[$old]=yes
  is_new[$new]=yes
done <"$plan"

lies_below_a_file() {
  local above=${1%/*}
  while [[ $above != . ]]; do
    if [[ ${is_new[$above]-} ]] || [[ -f $above && ! ${is_old[$above]-} ]]; then
      return 0
    fi
    above=${above%/*}
  done
  return 1
}

for index in "${!lines[@]}"; do
  old=${olds[index]}
  new=${news[index]}
  fault=
  if [[ ! -f $old || -L $old ]]; then
    fault="no such file"
  elif [[ ${old_seen[$old]-} ]]; then
    fault="moved twice"
  elif [[ ${new_seen[$new]-} ]]; then
    fault="target twice"
  elif [[ -e $new || -L $new ]] && [[ ! ${is_old[$new]-} ]]; then
    fault="target exists"
  elif lies_below_a_file "$new"; then
    fault="below a file"
  fi
  [[ ! $fault ]] || faults[lines[index]]=$fault
  old_seen[$old]=yes
  new_seen[$new]=yes
done

if ((${#faults[@]})); then
  for number in "${!faults[@]}"; do
    echo "line $number: ${faults[number]}"
  done
  exit {{flag.status}}
fi

moves=()
for index in "${!lines[@]}"; do
  [[ ${olds[index]} == "${news[index]}" ]] || moves+=("$index")
done

if [[ ! $dry_run ]] && ((${#moves[@]})); then
  # Every file leaves its place before any takes a new one.
  stage=$(mktemp -d ./.apply-moves.XXXXXX) || exit 1
  for index in "${moves[@]}"; do
    mv -T -- "${olds[index]}" "$stage/$index" || exit 1
  done
  for index in "${moves[@]}"; do
    mkdir -p -- "${news[index]%/*}" || exit 1
    mv -nT -- "$stage/$index" "${news[index]}" || exit 1
  done
  rmdir -- "$stage"
fi
for index in "${moves[@]}"; do
  printf '%s -> %s\n' "${olds[index]#./}" "${news[index]#./}"
done
