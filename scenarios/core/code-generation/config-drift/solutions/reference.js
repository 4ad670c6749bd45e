// score: 10
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function equal(a, b) {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (isObject(a)) {
    const keys = Object.keys(a);
    return (
      isObject(b) &&
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
    );
  }
  return a === b;
}

function configDrift(wanted, running) {
  const entries = [];
  const walk = (left, right, prefix) => {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const path = prefix + key;
      if (!Object.hasOwn(left, key)) {
        entries.push({ path, kind: "{{kind.added}}", running: right[key] });
      } else if (!Object.hasOwn(right, key)) {
        entries.push({ path, kind: "{{kind.removed}}", wanted: left[key] });
      } else if (isObject(left[key]) && isObject(right[key])) {
        walk(left[key], right[key], path + ".");
      } else if (!equal(left[key], right[key])) {
        entries.push({ path, kind: "{{kind.changed}}", wanted: left[key], running: right[key] });
      }
    }
  };
  walk(wanted, running, "");
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
