// score: 7 - takes a time of 0 for none, and lets null sort as 0
function latencyTable(samples, percentile = 95) {
  const groups = new Map();
  for (const { path, ms } of samples) {
    if (!groups.has(path)) groups.set(path, { times: [], failed: 0 });
    if (ms) groups.get(path).times.push(ms);
    else groups.get(path).failed++;
  }
  return Array.from(groups, ([path, { times, failed }]) => {
    times.sort((a, b) => a - b);
    const rank = Math.ceil((percentile / 100) * times.length);
    return {
      path,
      answered: times.length,
      failed,
      slow: times[rank - 1] || null,
      max: times[times.length - 1] || null,
    };
  }).sort((a, b) => b.slow - a.slow || a.path.localeCompare(b.path));
}
