# score: 4 - takes quotes off at the end only, inserts into single quotes as well, and lets bad lines pass
for file in "$@"; do
  [ -f "$file" ] && { cat "$file"; echo; }
done | tr -d '\r' | awk '
  { sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "") }
  /^#/ || /^$/ { next }
  /^unset[ \t]/ { delete v[$2]; next }
  {
    sub(/^export[ \t]+/, "")
    i = index($0, "=")
    if (!i) next
    k = substr($0, 1, i - 1)
    s = substr($0, i + 1)
    if (s ~ /^[ \t]*["\047]/) sub(/["\047][ \t]+#[^"\047]*$/, "&", s)
    else sub(/[ \t]#.*$/, "", s)
    sub(/^[ \t]+/, "", s)
    q = substr(s, 1, 1)
    if (q == "\"" || q == "\047") {
      s = substr(s, 2)
      p = index(s, q)
      while (q == "\"" && p > 1 && substr(s, p - 1, 1) == "\\" && (step = index(substr(s, p + 1), q))) p += step
      s = substr(s, 1, p - 1)
      if (q == "\"") gsub(/\\"/, "\"", s)
    }
    out = ""
    while (match(s, /\$[{][A-Za-z_][A-Za-z0-9_]*[}]/)) {
      out = out substr(s, 1, RSTART - 1) v[substr(s, RSTART + 2, RLENGTH - 3)]
      s = substr(s, RSTART + RLENGTH)
    }
    v[k] = out s
  }
  END {
    for (k in v) {
      s = v[k]
      gsub(/\047/, "\047\\\\\047\047", s)
      print k "=\047" s "\047"
    }
  }' | LC_ALL=C sort
