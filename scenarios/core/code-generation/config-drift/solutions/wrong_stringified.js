// score: 7.5 - compares arrays as JSON text, sorts by locale, and finds inherited keys with `in`
function isPlainObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function configDrift(wanted, running) {
  const result = [];

  function compare(a, b, path) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
      const current = path ? `${path}.${key}` : key;
      if (!(key in a)) {
        result.push({ path: current, kind: "{{kind.added}}", running: b[key] });
      } else if (!(key in b)) {
        result.push({ path: current, kind: "{{kind.removed}}", wanted: a[key] });
      } else if (isPlainObject(a[key]) && isPlainObject(b[key])) {
        compare(a[key], b[key], current);
      } else if (JSON.stringify(a[key]) !== JSON.stringify(b[key])) {
        result.push({ path: current, kind: "{{kind.changed}}", wanted: a[key], running: b[key] });
      }
    }
  }

  compare(wanted, running, "");
  return result.sort((x, y) => x.path.localeCompare(y.path));
}
