# score: 8 - splits the manifest into words, wants a newline at its end, and looks for other files with a glob
set -u
[ $# -eq 0 ] || { echo "no options"; exit 64; }
[ -f FREEZE ] && { echo frozen; exit 3; }
shopt -s globstar
bad=0
list=()
while read -r sum path rest; do
  [[ -z $sum || $sum == \#* ]] && continue
  list+=("$path")
  if [ ! -f "incoming/$path" ]; then
    echo "missing: $path"
    bad=1
  elif ! echo "${sum,,}  incoming/$path" | sha256sum --check --status; then
    echo "differs: $path"
    bad=1
  fi
done < manifest
for file in incoming/**; do
  [ -f "$file" ] || continue
  case " ${list[*]} " in *" ${file#incoming/} "*) ;; *) echo "unlisted: ${file#incoming/}"; bad=1 ;; esac
done
[ $bad -eq 0 ] || exit 1
for path in "${list[@]}"; do
  mkdir -p "live/$(dirname "$path")" && cp "incoming/$path" "live/$path"
done
echo "released ${#list[@]} files"
