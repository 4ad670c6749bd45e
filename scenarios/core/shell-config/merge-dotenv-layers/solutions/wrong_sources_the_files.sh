# score: 3 - lets a shell run the files
set -a
names=
for file in "$@"; do
  [ -f "$file" ] || continue
  sed 's/\r$//' "$file" > "$file.tmp"
  . "./$file.tmp"
  names="$names $(sed -nE 's/^[ \t]*(export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=.*/\2/p' "$file.tmp")"
  rm -f "$file.tmp"
done
for name in $(printf '%s\n' $names | LC_ALL=C sort -u); do
  [ -n "${!name+x}" ] || continue
  printf "%s='%s'\n" "$name" "$(printf '%s' "${!name}" | sed "s/'/'\\\\''/g")"
done
