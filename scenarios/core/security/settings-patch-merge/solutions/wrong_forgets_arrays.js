// score: 9 - keeps dangerous keys out of objects, and hands arrays on as they came
const DEFAULTS = { theme: "light", {{owned.one}}: "free", {{owned.two}}: 1, mail: { weekly: true, tags: ["news", "tips"] } };
const FORBIDDEN = ["__proto__", "constructor", "prototype"];
const READ_ONLY = ["{{owned.one}}", "{{owned.two}}"];

const isPlainObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function merge(target, source) {
  for (const key of Object.keys(source)) {
    if (FORBIDDEN.includes(key)) continue;
    const value = source[key];
    if (value === null) {
      delete target[key];
    } else if (isPlainObject(value)) {
      if (!isPlainObject(target[key])) target[key] = {};
      merge(target[key], value);
    } else if (Array.isArray(value)) {
      target[key] = structuredClone(value);
    } else {
      target[key] = value;
    }
  }
  return target;
}

function applyPatches(requests) {
  return requests.map(({ user, patch }) => {
    const session = { user };
    const allowed = { ...patch };
    for (const key of READ_ONLY) delete allowed[key];
    const settings = merge(structuredClone(DEFAULTS), allowed);
    return { user, settings, {{flag}}: Boolean(session.{{flag}}) };
  });
}
