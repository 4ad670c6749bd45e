# score: 1.5 - lets the shell split names at their spaces
cd $1 || exit {{arrow.status}}
for f in $(ls); do
  new=$(echo $f | tr 'A-Z' 'a-z' | tr ' _' '--' | tr -s '-')
  if [ "$f" != "$new" ] && [ -f $f ]; then
    n=2
    base=$new
    while [ -e $new ]; do
      new=${base%.*}-$n.${base##*.}
      n=$((n + 1))
    done
    mv $f $new
    echo "$f {{arrow.sign}} $new"
  fi
done
