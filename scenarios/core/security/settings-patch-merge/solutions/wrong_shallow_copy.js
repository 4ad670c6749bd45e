// score: 3.5 - copies only the top of the defaults, so requests change them, and merges arrays by index
const DEFAULTS = { theme: "light", {{owned.one}}: "free", {{owned.two}}: 1, mail: { weekly: true, tags: ["news", "tips"] } };

function merge(target, source) {
  for (const key of Object.keys(source)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") continue;
    const value = source[key];
    if (value === null) {
      delete target[key];
    } else if (typeof value === "object") {
      if (!Object.hasOwn(target, key) || typeof target[key] !== "object") target[key] = Array.isArray(value) ? [] : {};
      merge(target[key], value);
    } else {
      target[key] = value;
    }
  }
  return target;
}

function applyPatches(requests) {
  return requests.map(({ user, patch }) => {
    const session = { user };
    const { {{owned.one}}, {{owned.two}}, ...rest } = patch;
    const settings = merge({ ...DEFAULTS }, rest);
    return { user, settings, {{flag}}: Boolean(session.{{flag}}) };
  });
}
