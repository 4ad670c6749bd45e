# score: 6.5 - unescapes before it inserts, takes any # behind white space for a comment, and reads the environment
set -euo pipefail
declare -A env=()
bad=()

insert() {
  local text="$1" out=""
  while [[ "$text" =~ ^([^$]*)\$(\{([A-Za-z_][A-Za-z0-9_]*)\})?(.*)$ ]]; do
    out+="${BASH_REMATCH[1]}"
    if [[ -n "${BASH_REMATCH[2]}" ]]; then
      local n="${BASH_REMATCH[3]}"
      out+="${env[$n]-${!n-}}"
    else
      out+='$'
    fi
    text="${BASH_REMATCH[4]}"
  done
  value="$out$text"
}

for file in "$@"; do
  [[ -f "$file" ]] || continue
  n=0
  while IFS= read -r line || [[ -n "$line" ]]; do
    n=$((n + 1))
    line="${line%$'\r'}"
    if [[ "$line" =~ ^[[:space:]]*(#.*)?$ ]]; then continue; fi
    if [[ "$line" =~ ^[[:space:]]*unset[[:space:]]+([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*$ ]]; then
      unset "env[${BASH_REMATCH[1]}]"
      continue
    fi
    if ! [[ "$line" =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]]; then
      bad+=("$file:$n")
      continue
    fi
    key="${BASH_REMATCH[2]}"
    value="${BASH_REMATCH[3]}"
    if [[ "$value" =~ ^(.*)[[:space:]]#.*$ ]]; then value="${BASH_REMATCH[1]}"; fi
    value="${value#"${value%%[![:space:]]*}"}"
    value="${value%"${value##*[![:space:]]}"}"
    case "$value" in
      \'*)
        if [[ "$value" =~ ^\'([^\']*)\'$ ]]; then value="${BASH_REMATCH[1]}"; else bad+=("$file:$n"); continue; fi
        ;;
      \"*)
        if [[ "$value" =~ ^\"(([^\"\\]|\\.)*)\"$ ]]; then
          value="${BASH_REMATCH[1]}"
          value="$(sed -E 's/\\([\\"$])/\1/g' <<<"$value")"
          insert "$value"
        else
          bad+=("$file:$n")
          continue
        fi
        ;;
      *) insert "$value" ;;
    esac
    env[$key]="$value"
  done <"$file"
done
if ((${#bad[@]} > 0)); then
  printf '%s\n' "${bad[@]}"
  exit {{exit.status}}
fi
q="'\\''"
for key in $(printf '%s\n' "${!env[@]}" | LC_ALL=C sort); do
  printf "%s='%s'\n" "$key" "${env[$key]//\'/"$q"}"
done
