# score: 8 - inserts values with a substitution that gives & a meaning, looks at them again, and sorts whole lines
set -u
declare -A vars=()
errors=()
ws=$'[ \t]'
name='[A-Za-z_][A-Za-z0-9_]*'

expand() {
  local text=$1 key
  for key in "${!vars[@]}"; do
    text=${text//"\${$key}"/${vars[$key]}}
  done
  while [[ $text =~ \$\{$name\} ]]; do
    text=${text/"${BASH_REMATCH[0]}"/}
  done
  REPLY=$text
}

parse_double() {
  local s=$1 plain= out= i c
  for ((i = 0; i < ${#s}; i++)); do
    c=${s:i:1}
    if [[ $c == \\ && ${s:i+1:1} == [\\\"\$] ]]; then
      expand "$plain"
      out+=$REPLY${s:i+1:1}
      plain=
      i=$((i + 1))
    elif [[ $c == \" ]]; then
      expand "$plain"
      REPLY=$out$REPLY
      [[ ${s:i+1} =~ ^($ws+#.*|$ws*)$ ]]
      return
    else
      plain+=$c
    fi
  done
  return 1
}

parse() {
  local v=$1
  if [[ $v =~ ^$ws*\'([^\']*)\'(.*)$ ]]; then
    REPLY=${BASH_REMATCH[1]}
    [[ ${BASH_REMATCH[2]} =~ ^($ws+#.*|$ws*)$ ]]
  elif [[ $v =~ ^$ws*\"(.*)$ ]]; then
    parse_double "${BASH_REMATCH[1]}"
  elif [[ $v =~ ^$ws*\' ]]; then
    return 1
  else
    v=$(printf '%s\n' "$v" | sed -E 's/[ \t]#.*//; s/^[ \t]+//; s/[ \t]+$//')
    expand "$v"
  fi
}

for file; do
  [[ -f $file ]] || continue
  n=0
  while IFS= read -r line || [[ -n $line ]]; do
    n=$((n + 1))
    line=${line%$'\r'}
    if [[ $line =~ ^$ws*(#.*)?$ ]]; then
      continue
    elif [[ $line =~ ^$ws*unset$ws+($name)$ws*$ ]]; then
      unset "vars[${BASH_REMATCH[1]}]"
    elif [[ $line =~ ^$ws*(export$ws+)?($name)=(.*)$ ]]; then
      key=${BASH_REMATCH[2]}
      if parse "${BASH_REMATCH[3]}"; then
        vars[$key]=$REPLY
      else
        errors+=("$file:$n")
      fi
    else
      errors+=("$file:$n")
    fi
  done <"$file"
done

if [[ ${#errors[@]} -gt 0 ]]; then
  printf '%s\n' "${errors[@]}"
  exit {{exit.status}}
fi
for key in "${!vars[@]}"; do
  printf "%s='%s'\n" "$key" "$(printf '%s' "${vars[$key]}" | sed "s/'/'\\\\''/g")"
done | LC_ALL=C sort
