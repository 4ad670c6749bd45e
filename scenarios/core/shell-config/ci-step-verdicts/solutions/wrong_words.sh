# score: 3 - takes the first word as the name, and knows no retries
for log in $@; do
  if [ ! -f $log ]; then
    exit 3
  fi
done
grep -h '##\[end\]' $@ | tr -d '\r' | awk '
  {
    name = $2
    for (i = 3; i <= NF; i++) {
      if ($i ~ /^exit=/) code = substr($i, 6) + 0
      else if ($i ~ /^took=/) { secs = substr($i, 6); sub("s", "", secs) }
      else name = name " " $i
    }
    n++
    total += secs
    if (code == 0) v = "ok"
    else if (code == 124) v = "timed out"
    else if (code > 128) v = "killed by signal " code - 128
    else v = "failed with " code
    print name ": " v
    if (code != 0) bad = 1
  }
  END { print "steps: " n ", seconds: " total; exit bad }' | sort
exit ${PIPESTATUS[2]}
