// score: 10
const DEFAULTS = { theme: "light", {{owned.one}}: "free", {{owned.two}}: 1, mail: { weekly: true, tags: ["news", "tips"] } };
const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);
const OWNED = new Set(["{{owned.one}}", "{{owned.two}}"]);

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function safeEntries(value) {
  return Object.entries(value).filter(([key]) => !UNSAFE.has(key));
}

function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  return Object.fromEntries(safeEntries(value).map(([key, item]) => [key, copy(item)]));
}

function merge(target, source) {
  const result = new Map(Object.entries(target));
  for (const [key, value] of safeEntries(source)) {
    if (value === null) result.delete(key);
    else if (!isObject(value)) result.set(key, copy(value));
    else result.set(key, merge(isObject(result.get(key)) ? result.get(key) : {}, value));
  }
  return Object.fromEntries(result);
}

function applyPatches(requests) {
  return requests.map(({ user, patch }) => {
    const session = { user };
    const allowed = Object.fromEntries(Object.entries(patch).filter(([key]) => !OWNED.has(key)));
    const settings = merge(copy(DEFAULTS), allowed);
    return { user, settings, {{flag}}: Boolean(session.{{flag}}) };
  });
}
