// score: 7.5 - does not tell K from k nor blocks from bytes, and looks for the second largest among different sizes
function bytes(size) {
  const unit = size.slice(-1).toUpperCase();
  return parseFloat(size) * (unit === "K" ? 1000 : unit === "M" ? 1000000 : 1);
}

function usage(lines, what) {
  const days = {};
  for (const line of lines) {
    if (!line.trim() || line.startsWith("#")) continue;
    const [date, time, size] = line.split(" ");
    const end = new Date(Date.parse(`${date}T00:00Z`) + (time >= "{{morning.hour}}:00" ? 864e5 : 0));
    (days[end.toISOString().slice(0, 10)] ||= []).push(bytes(size));
  }
  const names = Object.keys(days).sort();
  const totals = names.map((name) => days[name].reduce((a, b) => a + b));
  const words = {
    days: () => names,
    total: () => totals,
    median: () => names.map((name) => days[name].sort((a, b) => a - b)[Math.ceil(days[name].length / 2) - 1]),
    peak: () => names.map((name) => [...new Set(days[name])].sort((a, b) => b - a)[1] ?? null),
    over: () => totals.map((sum) => sum >= bytes("{{quota.text}}")),
    growth: () => totals.map((now, i) => (i === 0 || now === 0 ? null : Math.trunc(((now - totals[i - 1]) / now) * 100))),
  };
  if (!words[what]) throw new RangeError(what);
  return words[what]();
}
