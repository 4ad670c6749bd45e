# score: 5.5 - counts all logs of a folder together, does not go below it
set -eu
dry=
[ "${1:-}" = --dry-run ] && { dry=1; shift; }
keep=${1:-}
dir=${2:-}
case $keep in *[!0-9]* | "") exit 2 ;; esac
[ -d "$dir" ] || exit 2
cd "$dir"
ls -p | grep -E '.\.log\.[0-9]{4}-[0-9]{2}-[0-9]{2}(\.gz)?$' | awk -F'.log.' '{ print $NF "\t" $0 }' | sort -r | cut -f2- |
  tail -n +$((10#$keep + 1)) | LC_ALL=C sort | while IFS= read -r file; do
    echo "$dir/$file"
    [ -n "$dry" ] || rm -- "$file"
  done
