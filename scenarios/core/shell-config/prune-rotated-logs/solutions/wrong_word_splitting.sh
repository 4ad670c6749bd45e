# score: 7.5 - splits names at spaces, and of one date keeps the compressed file
set -eu
dry=0
if [ "${1:-}" = "--dry-run" ]; then
  dry=1
  shift
fi
if [ $# -ne 2 ] || ! [[ $1 =~ ^[0-9]+$ ]] || [ ! -d "$2" ]; then
  echo "bad arguments" >&2
  exit 2
fi
keep=$1
dir=$2
pattern='\.log\.[0-9]{4}-[0-9]{2}-[0-9]{2}(\.gz)?$'
files=$(find "$dir" -type f | grep -E "[^/]$pattern" || true)
logs=$(for file in $files; do echo "$file" | sed -E "s/$pattern//"; done | sort -u)
for log in $logs; do
  for file in $(for f in $files; do [ "$(echo "$f" | sed -E "s/$pattern//")" = "$log" ] && echo "$f"; done | sort -r | tail -n +$((10#$keep + 1))); do
    echo "$file"
    [ $dry -eq 1 ] || rm "$file"
  done
done | LC_ALL=C sort
