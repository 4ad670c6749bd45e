# score: 6.5 - goes below the folder, overwrites what has the name already, and gives find a folder that looks like an option
dir="$1"
[ -d "$dir" ] || exit {{arrow.status}}
find "$dir" -type f ! -name '.*' | LC_ALL=C sort | while IFS= read -r path; do
  old=$(basename -- "$path")
  new=$(printf '%s' "$old" | tr '[:upper:]' '[:lower:]' | sed -E 's/[ _-]+/-/g; s/-\././g; s/\.-/./g; s/^-//; s/-$//')
  case $new in '' | .*) continue ;; esac
  if [ "$old" != "$new" ]; then
    mv -- "$path" "$(dirname -- "$path")/$new"
    printf '%s {{arrow.sign}} %s\n' "$old" "$new"
  fi
done
