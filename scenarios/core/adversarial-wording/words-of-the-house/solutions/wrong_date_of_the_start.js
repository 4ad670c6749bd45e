// score: 7 - gives a day the date on which it begins, and a day with one size a peak
function usage(lines, what) {
  const factor = { K: 1000, k: 1024, M: 1e6, m: 1048576 };
  const days = new Map();
  for (const line of lines) {
    if (!line.trim() || line.startsWith("#")) continue;
    const [date, time, size] = line.split(" ");
    const start = new Date(`${date}T${time}:00Z`);
    start.setUTCHours(start.getUTCHours() - {{morning.hour}});
    const day = start.toISOString().slice(0, 10);
    if (!days.has(day)) days.set(day, []);
    days.get(day).push(parseFloat(size) * (factor[size.at(-1)] ?? {{block.size}}));
  }
  const dates = [...days.keys()].sort();
  const sorted = dates.map((day) => days.get(day).sort((a, b) => a - b));
  const totals = sorted.map((sizes) => sizes.reduce((a, b) => a + b));
  if (what === "days") return dates;
  if (what === "total") return totals;
  if (what === "median") return sorted.map((sizes) => sizes[(sizes.length - 1) >> 1]);
  if (what === "peak") return sorted.map((sizes) => sizes.at(-2) ?? sizes[0]);
  if (what === "over") return totals.map((sum) => sum >= parseInt("{{quota.text}}") * 1000);
  if (what === "growth")
    return totals.map((now, i) => (i && now ? Math.trunc((100 * (now - totals[i - 1])) / now) : null));
  throw new RangeError(`unknown: ${what}`);
}
