// score: 10
function compareRows(a, b) {
  if (a.slow !== b.slow) {
    if (a.slow === null) return 1;
    if (b.slow === null) return -1;
    return b.slow - a.slow;
  }
  return a.path < b.path ? -1 : 1;
}

function latencyTable(samples, percentile = 95) {
  const groups = new Map();
  for (const { path, ms } of samples) {
    if (!groups.has(path)) groups.set(path, { times: [], failed: 0 });
    const group = groups.get(path);
    if (ms === null) group.failed += 1;
    else group.times.push(ms);
  }
  return [...groups]
    .map(([path, { times, failed }]) => {
      times.sort((a, b) => a - b);
      const rank = Math.ceil((percentile * times.length) / 100);
      return {
        path,
        answered: times.length,
        failed,
        slow: times.length ? times[rank - 1] : null,
        max: times.length ? times[times.length - 1] : null,
      };
    })
    .sort(compareRows);
}
