// score: 2.5 - compares numbers as numbers and keeps the rest
function latencyTable(samples, percentile = 95) {
  const groups = {};
  for (const { path, ms } of samples) {
    groups[path] = groups[path] || [];
    if (ms) groups[path].push(ms);
  }
  return Object.entries(groups)
    .map(([path, times]) => {
      times.sort((a, b) => a - b);
      const rank = Math.floor((percentile / 100) * times.length);
      return {
        path,
        answered: times.length,
        failed: samples.filter((sample) => sample.path === path && !sample.ms).length,
        slow: times[rank],
        max: times[times.length - 1],
      };
    })
    .sort((a, b) => b.slow - a.slow);
}
