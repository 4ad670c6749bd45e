# score: 9 - sorts whole lines, so a name comes after its longer ones
if [ $# -eq 0 ]; then exit 3; fi
for f in "$@"; do
  [ -f "$f" ] && [ -r "$f" ] || exit 3
done
awk '
  { sub(/\r$/, "") }
  /^##\[end\] .+ exit=[0-9]+ took=[0-9]+s$/ {
    line = substr($0, 9)
    match(line, / took=[0-9]+s$/)
    secs = substr(line, RSTART + 6); sub(/s$/, "", secs)
    line = substr(line, 1, RSTART - 1)
    match(line, / exit=[0-9]+$/)
    code = substr(line, RSTART + 6) + 0
    name = substr(line, 1, RSTART - 1)
    last[name] = code
    if (code) bad[name] = 1
    total += secs
  }
  END {
    for (name in last) {
      c = last[name]; n++
      if (c == 0) v = (name in bad) ? "flaky" : "ok"
      else if (c == 124) v = "timed out"
      else if (c >= 129 && c <= 192) v = "killed by signal " (c - 128)
      else v = "failed with " c
      if (c) failed = 1
      print name ": " v | "LC_ALL=C sort"
    }
    close("LC_ALL=C sort")
    printf "steps: %d, seconds: %d\n", n, total
    exit failed
  }' "$@"
