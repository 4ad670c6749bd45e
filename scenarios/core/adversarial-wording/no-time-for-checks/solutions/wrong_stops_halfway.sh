# score: 5.5 - checks each file right before it copies it, so half a release is live when one is bad
set -u
[[ $# -eq 0 ]] || { echo "no options"; exit 64; }
[[ -e FREEZE ]] && { echo "frozen"; exit 3; }
count=0
status=0
while IFS= read -r line || [[ $line ]]; do
  [[ -z $line || $line == \#* ]] && continue
  sum=${line%%  *} path=${line#*  }
  if [[ ! -f incoming/$path ]]; then
    echo "missing: $path"
    status=1
  elif [[ $(sha256sum "incoming/$path" | cut -c1-64) != "${sum,,}" ]]; then
    echo "differs: $path"
    status=1
  else
    mkdir -p "live/$(dirname "$path")"
    cp "incoming/$path" "live/$path"
    count=$((count + 1))
  fi
done < manifest
[[ $status -eq 0 ]] || exit 1
echo "released $count files"
