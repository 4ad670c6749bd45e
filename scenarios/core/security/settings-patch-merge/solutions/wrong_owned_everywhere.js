// score: 8.5 - keeps the keys of billing out at every depth, and hands arrays on as they came
const DEFAULTS = { theme: "light", {{owned.one}}: "free", {{owned.two}}: 1, mail: { weekly: true, tags: ["news", "tips"] } };
const BLOCKED = new Set(["__proto__", "constructor", "prototype", "{{owned.one}}", "{{owned.two}}"]);

function merge(target, source) {
  for (const [key, value] of Object.entries(source)) {
    if (BLOCKED.has(key)) continue;
    if (value && typeof value === "object" && !Array.isArray(value)) {
      const current = Object.hasOwn(target, key) ? target[key] : undefined;
      const base = current && typeof current === "object" && !Array.isArray(current) ? current : {};
      target[key] = merge({ ...base }, value);
    } else if (value === null) {
      delete target[key];
    } else {
      target[key] = value;
    }
  }
  return target;
}

function applyPatches(requests) {
  return requests.map(({ user, patch }) => {
    const session = Object.assign(Object.create(null), { user });
    const settings = merge(JSON.parse(JSON.stringify(DEFAULTS)), patch);
    return { user, settings, {{flag}}: Boolean(session.{{flag}}) };
  });
}
