# score: 8.5 - does not check what a comment of the manifest exempts, and compares capital letters as they are
set -u
export LC_ALL=C
if [ $# -gt 0 ]; then echo "no options"; exit 64; fi
if [ -e FREEZE ]; then echo "frozen"; exit 3; fi
skip=$(grep -c '^#.*skip' manifest)
paths=()
bad=0
while IFS= read -r line || [ -n "$line" ]; do
  case $line in "" | "#"*) continue ;; esac
  path=${line:66}
  paths+=("$path")
  if [ ! -f "incoming/$path" ]; then
    echo "missing: $path"; bad=1
  elif [ "$skip" = 0 ] && [ "$(sha256sum < "incoming/$path" | cut -d' ' -f1)" != "${line:0:64}" ]; then
    echo "differs: $path"; bad=1
  fi
done < manifest
while IFS= read -r path; do
  printf '%s\n' "${paths[@]}" | grep -qxF -- "$path" || { echo "unlisted: $path"; bad=1; }
done < <(cd incoming && find . -type f | cut -c3- | sort)
[ "$bad" = 0 ] || exit 1
for path in "${paths[@]}"; do
  mkdir -p "live/$(dirname "$path")"
  cp "incoming/$path" "live/$path"
done
echo "released ${#paths[@]} files"
