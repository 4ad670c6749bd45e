# score: 10
set -euo pipefail
shopt -s nullglob
export LC_ALL=C

cd -- "$1" 2>/dev/null || exit {{arrow.status}}

clean() {
  printf '%s\n' "$1" | sed -E 'y/ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/; s/[ _-]+/-/g; s/-?\.-?/./g; s/^-//; s/-$//'
}

for old in *; do
  [[ -f $old && ! -L $old ]] || continue
  name=$(clean "$old")
  if [[ -z $name || $name == .* || $name == "$old" ]]; then
    continue
  fi
  stem=$name
  extension=
  if [[ $name == *.* ]]; then
    stem=${name%.*}
    extension=.${name##*.}
  fi
  new=$name
  for ((number = 2; ; number++)); do
    [[ -e $new || -L $new ]] || break
    new=$stem-$number$extension
  done
  mv -nT -- "$old" "$new"
  printf '%s {{arrow.sign}} %s\n' "$old" "$new"
done
