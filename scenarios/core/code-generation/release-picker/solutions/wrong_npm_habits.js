// score: 7 - npm's rule for pre-releases (named in the range or never), npm's lenient ranges, and numbers that round
const XRANGE = /^(0|[1-9]\d*|[xX*])(?:\.(0|[1-9]\d*|[xX*])(?:\.(0|[1-9]\d*|[xX*])(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?$/;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

function parse(text) {
  const match = SEMVER.exec(text);
  if (!match) return null;
  return { raw: text, nums: [Number(match[1]), Number(match[2]), Number(match[3])], pre: match[4] ? match[4].split(".") : [] };
}

function compareIds(a, b) {
  const numeric = /^\d+$/;
  if (numeric.test(a) && numeric.test(b)) return Number(a) - Number(b);
  if (numeric.test(a)) return -1;
  if (numeric.test(b)) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compare(a, b) {
  for (let i = 0; i < 3; i++) {
    if (a.nums[i] !== b.nums[i]) return a.nums[i] - b.nums[i];
  }
  if (a.pre.length === 0 && b.pre.length === 0) return 0;
  if (a.pre.length === 0) return 1;
  if (b.pre.length === 0) return -1;
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i++) {
    if (a.pre[i] === undefined) return -1;
    if (b.pre[i] === undefined) return 1;
    const order = compareIds(a.pre[i], b.pre[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function toComparators(token) {
  const match = /^(>=|<=|>|<|=|\^|~)?(.+)$/.exec(token);
  const parts = match && XRANGE.exec(match[2]);
  if (!parts) throw new Error("invalid range");
  const op = match[1] || "=";
  const nums = [];
  for (const part of parts.slice(1, 4)) {
    if (part === undefined || /^[xX*]$/.test(part)) break;
    nums.push(Number(part));
  }
  const pre = parts[4] ? parts[4].split(".") : [];
  if (nums.length === 0) return op === "<" || op === ">" ? [{ op: "<", v: { nums: [0, 0, 0], pre: ["0"] } }] : [];
  const low = { nums: [nums[0], nums[1] ?? 0, nums[2] ?? 0], pre };
  const bump = (index) => ({ nums: [0, 1, 2].map((i) => (i < index ? low.nums[i] : i === index ? low.nums[i] + 1 : 0)), pre: ["0"] });
  const within = (index) => [{ op: ">=", v: low }, { op: "<", v: bump(index) }];
  if (op === "^") {
    let index = nums.findIndex((n) => n !== 0);
    if (index === -1) index = nums.length - 1;
    return within(index);
  }
  if (op === "~") return within(Math.min(nums.length - 1, 1));
  if (nums.length === 3) return [{ op, v: low }];
  const end = bump(nums.length - 1);
  if (op === "=") return within(nums.length - 1);
  if (op === ">") return [{ op: ">=", v: { ...end, pre: [] } }];
  if (op === "<=") return [{ op: "<", v: end }];
  return [{ op, v: op === "<" ? { ...low, pre: ["0"] } : low }];
}

function holds(comparator, version) {
  const order = compare(version, comparator.v);
  return { "=": order === 0, ">": order > 0, ">=": order >= 0, "<": order < 0, "<=": order <= 0 }[comparator.op];
}

function satisfies(version, set) {
  if (!set.every((comparator) => holds(comparator, version))) return false;
  if (version.pre.length === 0) return true;
  return set.some((c) => c.v.pre.length > 0 && c.v.nums.every((n, i) => n === version.nums[i]));
}

function pickRelease(range, versions) {
  let sets;
  try {
    sets = range.split("||").map((part) =>
      part.trim().replace(/(>=|<=|>|<|=|\^|~)\s+/g, "$1").split(/\s+/).filter(Boolean).flatMap(toComparators)
    );
  } catch {
    return null;
  }
  let best = null;
  for (const text of versions) {
    const version = parse(text);
    if (!version || !sets.some((set) => satisfies(version, set))) continue;
    if (best === null || compare(version, best) > 0) best = version;
  }
  return best === null ? null : best.raw;
}
