// score: 5.5 - stops __proto__ only, takes inherited values for settings, and removes nothing
const DEFAULTS = { theme: "light", {{owned.one}}: "free", {{owned.two}}: 1, mail: { weekly: true, tags: ["news", "tips"] } };

function merge(target, source) {
  for (const key in source) {
    if (key === "__proto__" || !Object.prototype.hasOwnProperty.call(source, key)) continue;
    const value = source[key];
    if (Array.isArray(value)) {
      target[key] = [...value];
    } else if (value !== null && typeof value === "object") {
      if (!target[key]) target[key] = {};
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
    const settings = merge(structuredClone(DEFAULTS), patch);
    settings.{{owned.one}} = DEFAULTS.{{owned.one}};
    settings.{{owned.two}} = DEFAULTS.{{owned.two}};
    return { user, settings, {{flag}}: Boolean(session.{{flag}}) };
  });
}
