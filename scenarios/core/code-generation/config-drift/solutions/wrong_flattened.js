// score: 4 - flattens both sides to leaves and compares loosely; undefined stands for "not there"
function flatten(value, prefix, into) {
  for (const [key, item] of Object.entries(value)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (item && typeof item === "object" && !Array.isArray(item)) {
      flatten(item, path, into);
    } else {
      into[path] = item;
    }
  }
  return into;
}

function configDrift(wanted, running) {
  const left = flatten(wanted, "", {});
  const right = flatten(running, "", {});
  const result = [];
  for (const path of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    if (left[path] == null) {
      if (right[path] != null) result.push({ path, kind: "{{kind.added}}", running: right[path] });
    } else if (right[path] == null) {
      result.push({ path, kind: "{{kind.removed}}", wanted: left[path] });
    } else if (JSON.stringify(left[path]) != JSON.stringify(right[path])) {
      result.push({ path, kind: "{{kind.changed}}", wanted: left[path], running: right[path] });
    }
  }
  return result;
}
