# score: 10
set -uo pipefail
export LC_ALL=C

declare -A value_of
bad=()
result=

# Both functions leave a value in `result`. `expand` takes text without escapes, `unquote` what follows an opening ".
expand() {
  local rest=$1
  result=
  while [[ $rest ]]; do
    take_one "$rest"
    rest=$left
    result+=$taken
  done
}

take_one() {
  if [[ $1 =~ ^\$\{([A-Za-z_][A-Za-z0-9_]*)\} ]]; then
    taken=${value_of[${BASH_REMATCH[1]}]-}
    left=${1:${#BASH_REMATCH[0]}}
  else
    taken=${1:0:1}
    left=${1:1}
  fi
}

unquote() {
  local rest=$1
  result=
  while [[ $rest ]]; do
    case $rest in
      '"'*)
        tail_is_fine "${rest:1}"
        return
        ;;
      '\\'* | '\"'* | '\$'*)
        result+=${rest:1:1}
        rest=${rest:2}
        ;;
      *)
        take_one "$rest"
        rest=$left
        result+=$taken
        ;;
    esac
  done
  return 1
}

tail_is_fine() {
  [[ $1 =~ ^([ $'\t']+#.*)?$ ]]
}

assign() {
  local raw=$2 value
  value=${raw#"${raw%%[! $'\t']*}"}
  case $value in
    \'*)
      value=${value:1}
      [[ $value == *\'* ]] || return 1
      result=${value%%\'*}
      tail_is_fine "${value#*\'}" || return 1
      ;;
    \"*)
      unquote "${value:1}" || return 1
      ;;
    *)
      value=${raw%%[ $'\t']#*}
      value=${value#"${value%%[! $'\t']*}"}
      value=${value%"${value##*[! $'\t']}"}
      expand "$value"
      ;;
  esac
  value_of[$1]=$result
}

name='([A-Za-z_][A-Za-z0-9_]*)'
blank=$'[ \t]'
for file in "$@"; do
  [[ -e $file ]] || continue
  number=0
  while IFS= read -r line || [[ $line ]]; do
    number=$((number + 1))
    line=${line%$'\r'}
    line=${line#"${line%%[! $'\t']*}"}
    line=${line%"${line##*[! $'\t']}"}
    [[ $line && $line != '#'* ]] || continue
    if [[ $line =~ ^unset$blank+$name$ ]]; then
      unset "value_of[${BASH_REMATCH[1]}]"
    elif [[ $line =~ ^(export$blank+)?$name=(.*)$ ]]; then
      assign "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" || bad+=("$file:$number")
    else
      bad+=("$file:$number")
    fi
  done <"$file"
done

if ((${#bad[@]})); then
  printf '%s\n' "${bad[@]}"
  exit {{exit.status}}
fi
((${#value_of[@]})) || exit 0
quoted="'\\''"
while IFS= read -r key; do
  printf "%s='%s'\n" "$key" "${value_of[$key]//\'/"$quoted"}"
done < <(printf '%s\n' "${!value_of[@]}" | sort)
