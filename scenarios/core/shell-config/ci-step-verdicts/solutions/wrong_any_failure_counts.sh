# score: 6.25 - finds the words anywhere in a line, keeps the worst run and not the last, and joins files that lack a last line break
set -euo pipefail
[ $# -ge 1 ] || exit 3
for log in "$@"; do [ -f "$log" ] || exit 3; done
cat -- "$@" | tr -d '\r' | sed -nE 's/.*##\[end\] (.+) exit=([0-9]+) took=([0-9]+)s.*/\1\t\2\t\3/p' | LC_ALL=C sort | awk -F'\t' '
  $1 != name && NR > 1 { show() }
  { if ($1 != name) { worst = 0; zero = 0; n++ } name = $1; if ($2 > worst) worst = $2; total += $3 }
  function show() {
    if (worst == 0) print name ": ok"
    else { bad = 1
      if (worst == 124) print name ": timed out"
      else if (worst > 128 && worst <= 192) print name ": killed by signal " worst - 128
      else print name ": failed with " worst }
  }
  END { if (NR) show(); print "steps: " n + 0 ", seconds: " total + 0; exit bad }'
