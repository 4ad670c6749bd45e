// score: 1 - takes the words as they are used elsewhere, like the examples
function usage(lines, what) {
  const factor = { k: 1024, m: 1024 * 1024 };
  const days = {};
  for (const line of lines) {
    if (!line || line.startsWith("#")) continue;
    const [date, , size] = line.split(" ");
    const bytes = parseFloat(size) * (factor[size.slice(-1).toLowerCase()] || 1);
    (days[date] ||= []).push(bytes);
  }
  const dates = Object.keys(days).sort();
  const totals = dates.map((date) => days[date].reduce((a, b) => a + b, 0));
  switch (what) {
    case "days":
      return dates;
    case "total":
      return totals;
    case "median":
      return dates.map((date) => {
        const sorted = days[date].sort((a, b) => a - b);
        const middle = sorted.length >> 1;
        return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      });
    case "peak":
      return dates.map((date) => Math.max(...days[date]));
    case "growth":
      return totals.map((now, i) => (i === 0 || totals[i - 1] === 0 ? null : Math.trunc(((now - totals[i - 1]) / totals[i - 1]) * 100)));
    case "over":
      return totals.map((sum) => sum >= parseFloat("{{quota.text}}") * 1024);
    default:
      throw new RangeError(what);
  }
}
