// score: 8 - has the units and the days right, and median and growth as everywhere else
const UNITS = { K: 1000, k: 1024, M: 1000000, m: 1048576 };

function usage(lines, what) {
  const days = new Map();
  for (const line of lines.filter((each) => each && each[0] !== "#").sort()) {
    const [date, time, size] = line.split(" ");
    const shift = time < "{{morning.hour}}:00" ? 0 : 24 * 3600 * 1000;
    const day = new Date(Date.parse(date) + shift).toISOString().slice(0, 10);
    const bytes = size.at(-1) in UNITS ? Number(size.slice(0, -1)) * UNITS[size.at(-1)] : Number(size) * {{block.size}};
    days.set(day, (days.get(day) || []).concat(bytes));
  }
  const sizes = [...days.values()].map((each) => each.sort((a, b) => a - b));
  const sums = sizes.map((each) => each.reduce((a, b) => a + b));
  switch (what) {
    case "days": return [...days.keys()];
    case "total": return sums;
    case "median": return sizes.map((each) => (each[(each.length - 1) >> 1] + each[each.length >> 1]) / 2);
    case "peak": return sizes.map((each) => (each.length < 2 ? null : each[each.length - 2]));
    case "growth": return sums.map((sum, i) => (i && sum ? Math.trunc(((sum - sums[i - 1]) / sums[i - 1]) * 100) : null));
    case "over": return sums.map((sum) => sum >= UNITS.K * parseInt("{{quota.text}}"));
    default: throw new RangeError("what?");
  }
}
