# score: 7.5 - takes names with a dash for options, and numbers a name without a dot as if it had one
set -e
if [ ! -d "$1" ]; then
  exit {{arrow.status}}
fi
cd "$1"
export LC_ALL=C
for f in *; do
  [ -f "$f" ] || continue
  new=$(echo "$f" | tr 'A-Z' 'a-z' | sed -E 's/[ _-]+/-/g; s/-?\.-?/./g; s/^-//; s/-$//')
  [ -n "$new" ] || continue
  case $new in .*) continue ;; esac
  [ "$new" != "$f" ] || continue
  base=${new%.*}
  ext=${new##*.}
  i=2
  while [ -e "$new" ]; do
    new="$base-$i.$ext"
    i=$((i + 1))
  done
  mv "$f" "$new"
  echo "$f {{arrow.sign}} $new"
done
