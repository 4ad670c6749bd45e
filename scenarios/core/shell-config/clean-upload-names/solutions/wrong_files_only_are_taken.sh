# score: 9 - a name that a folder has does not count as taken, and a file with nothing left of its name is hidden or fails
set -u
dir=$1
[[ -d $dir ]] || exit {{arrow.status}}
cd -- "$dir" || exit {{arrow.status}}
export LC_ALL=C
for f in *; do
  [[ -f $f ]] || continue
  n=${f,,}
  n=$(sed -E 's/[ _-]+/-/g; s/^-+//; s/-+$//; s/-*\.-*/./g' <<<"$n")
  [[ $n == "$f" ]] && continue
  target=$n
  i=2
  while [[ -f $target ]]; do
    if [[ $n == *.* ]]; then
      target="${n%.*}-$i.${n##*.}"
    else
      target="$n-$i"
    fi
    i=$((i + 1))
  done
  mv -- "$f" "$target"
  echo "$f {{arrow.sign}} $target"
done
exit 0
