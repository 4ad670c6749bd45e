# score: 3 - counts everything with .log. in its name as one log, does not go below the folder
keep=$1
dir=$2
if [ ! -d "$dir" ]; then
  exit 2
fi
ls -1r "$dir" | grep '\.log\.' | tail -n +$((10#$keep + 1)) | sort | while read -r file; do
  echo "$dir/$file"
  rm "$dir/$file"
done
