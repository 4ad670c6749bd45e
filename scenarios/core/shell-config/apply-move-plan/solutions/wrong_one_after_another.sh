# score: 4 - checks the plan, then moves line after line, and so overwrites what a later line was to move
dry=
if [ "$1" = "{{flag.dry}}" ]; then dry=1; shift; fi
status=0
n=0
olds=$(cut -f1 "$1")
while IFS=$'\t' read -r old new; do
  n=$((n + 1))
  case $old in '#'*) continue ;; '') [ -z "$new" ] && continue ;; esac
  if [ -z "$old" ] || [ -z "$new" ]; then echo "line $n: malformed"; status={{flag.status}}
  elif [ ! -e "$old" ]; then echo "line $n: no such file"; status={{flag.status}}
  elif [ -e "$new" ] && ! grep -qxF -- "$new" <<<"$olds"; then echo "line $n: target exists"; status={{flag.status}}
  fi
done < "$1"
[ $status -eq 0 ] || exit $status
while IFS=$'\t' read -r old new; do
  case $old in '#'* | '') continue ;; esac
  echo "$old -> $new"
  if [ -z "$dry" ]; then
    mkdir -p "$(dirname "$new")"
    mv "$old" "$new"
  fi
done < "$1"
