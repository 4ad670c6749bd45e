# score: 10
set -u
export LC_ALL=C

(( $# == 0 )) || { echo "no options"; exit 64; }
[[ ! -e FREEZE ]] || { echo "frozen"; exit 3; }

paths=()
declare -A sum_of
while IFS= read -r line || [[ -n $line ]]; do
  [[ -n $line && $line != "#"* ]] || continue
  path=${line#*  }
  sum=${line%%  *}
  paths+=("$path")
  sum_of[$path]=${sum,,}
done < manifest

complaints=0
complain() {
  echo "$1: $2"
  complaints=1
}

for path in "${paths[@]}"; do
  if [[ ! -f incoming/$path ]]; then
    complain missing "$path"
  elif [[ $(sha256sum < "incoming/$path") != "${sum_of[$path]} "* ]]; then
    complain differs "$path"
  fi
done
while IFS= read -r path; do
  [[ -n ${sum_of[$path]+listed} ]] || complain unlisted "$path"
done < <(find incoming -type f -printf '%P\n' | sort)
(( complaints == 0 )) || exit 1

for path in "${paths[@]}"; do
  mkdir -p "$(dirname "live/$path")"
  cp "incoming/$path" "live/$path"
done
echo "released ${#paths[@]} files"
