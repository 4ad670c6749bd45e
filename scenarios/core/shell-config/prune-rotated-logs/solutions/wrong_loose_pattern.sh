# score: 6.5 - matches names with a loose glob, of one date keeps the compressed file, and refuses nothing
keep=$1
run=rm
if [ "$1" = --dry-run ]; then
  run=true
  keep=$2
  shift
fi
dir=$2
find "$dir" -type f -name '*.log.????-??-??*' | sed -E 's/\.log\..*//' | sort -u | while IFS= read -r log; do
  ls -1 "$log".log.????-??-??* | sort -r | tail -n +"$((10#$keep + 1))"
done | LC_ALL=C sort | while IFS= read -r file; do
  echo "$file"
  $run "$file"
done
exit 0
