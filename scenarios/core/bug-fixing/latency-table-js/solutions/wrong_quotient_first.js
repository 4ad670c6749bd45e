// score: 9.5 - divides before it multiplies, so a rank can be one too high
function latencyTable(samples, percentile = 95) {
  const groups = new Map();
  for (const sample of samples) {
    const group = groups.get(sample.path) ?? [];
    group.push(sample.ms);
    groups.set(sample.path, group);
  }
  const rows = [];
  for (const [path, all] of groups) {
    const times = all.filter((ms) => ms !== null).sort((a, b) => a - b);
    const rank = Math.ceil((percentile / 100) * times.length);
    rows.push({
      path,
      answered: times.length,
      failed: all.length - times.length,
      slow: times.length > 0 ? times[rank - 1] : null,
      max: times.length > 0 ? times[times.length - 1] : null,
    });
  }
  const weight = (row) => (row.slow === null ? -1 : row.slow);
  return rows.sort((a, b) => weight(b) - weight(a) || (a.path < b.path ? -1 : 1));
}
