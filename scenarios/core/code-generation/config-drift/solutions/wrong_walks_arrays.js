// score: 6 - typeof "object" is taken for an object, so arrays are walked by index and null ends in an exception
function configDrift(wanted, running) {
  const drift = [];
  const visit = (a, b, path) => {
    for (const key of Object.keys({ ...a, ...b })) {
      const where = path.concat(key);
      if (!Object.hasOwn(b, key)) {
        drift.push({ path: where.join("."), kind: "{{kind.removed}}", wanted: a[key] });
      } else if (!Object.hasOwn(a, key)) {
        drift.push({ path: where.join("."), kind: "{{kind.added}}", running: b[key] });
      } else if (typeof a[key] === "object" && typeof b[key] === "object") {
        visit(a[key], b[key], where);
      } else if (a[key] !== b[key]) {
        drift.push({ path: where.join("."), kind: "{{kind.changed}}", wanted: a[key], running: b[key] });
      }
    }
  };
  visit(wanted, running, []);
  return drift.sort((x, y) => (x.path < y.path ? -1 : 1));
}
