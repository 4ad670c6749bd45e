// score: 8.5 - groups in a plain object, which knows "constructor" already, and sorts paths as people do
function latencyTable(samples, percentile = 95) {
  const groups = {};
  for (const { path, ms } of samples) {
    groups[path] = groups[path] || { times: [], failed: 0 };
    if (ms === null) groups[path].failed += 1;
    else groups[path].times.push(ms);
  }
  return Object.entries(groups)
    .map(([path, { times, failed }]) => {
      times.sort((a, b) => a - b);
      const rank = Math.ceil((percentile * times.length) / 100);
      return {
        path,
        answered: times.length,
        failed,
        slow: times[rank - 1] ?? null,
        max: times[times.length - 1] ?? null,
      };
    })
    .sort((a, b) => (b.slow ?? -1) - (a.slow ?? -1) || a.path.localeCompare(b.path));
}
