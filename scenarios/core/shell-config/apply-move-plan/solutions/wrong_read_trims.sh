# score: 7.5 - lets read trim the spaces of names, and looks only at the folder right above a target
dry=false
[[ $1 == {{flag.dry}} ]] && { dry=true; shift; }
declare -A src dst
declare -a L O N
no=0
faults=""
while read -r line || [[ -n $line ]]; do
  ((no++))
  [[ -z $line || $line == \#* ]] && continue
  tabs=${line//[!$'\t']/}
  O[no]=${line%%$'\t'*}
  N[no]=${line#*$'\t'}
  if [[ ${#tabs} -ne 1 || -z ${O[no]} || -z ${N[no]} ]]; then
    L[no]=malformed
    O[no]="" N[no]=""
    continue
  fi
  src["${O[no]}"]=1
  dst["${N[no]}"]=1
done < "$1"
declare -A so sn
for i in "${!O[@]}"; do
  o=${O[i]} n=${N[i]}
  [[ -z $o ]] && continue
  parent=$(dirname -- "$n")
  if [[ ! -f $o ]]; then L[i]="no such file"
  elif [[ ${so[$o]} ]]; then L[i]="moved twice"
  elif [[ ${sn[$n]} ]]; then L[i]="target twice"
  elif [[ -e $n && ! ${src[$n]} ]]; then L[i]="target exists"
  elif [[ ${dst[$parent]} || ( -f $parent && ! ${src[$parent]} ) ]]; then L[i]="below a file"
  fi
  so[$o]=1 sn[$n]=1
done
if (( ${#L[@]} )); then
  for i in "${!L[@]}"; do echo "line $i: ${L[i]}"; done
  exit {{flag.status}}
fi
for i in "${!O[@]}"; do
  [[ ${O[i]} == "${N[i]}" ]] && continue
  $dry || mv -- "${O[i]}" ".move.$$.$i"
done
for i in "${!O[@]}"; do
  [[ ${O[i]} == "${N[i]}" ]] && continue
  if ! $dry; then
    mkdir -p -- "$(dirname -- "${N[i]}")"
    mv -- ".move.$$.$i" "${N[i]}"
  fi
  echo "${O[i]} -> ${N[i]}"
done
