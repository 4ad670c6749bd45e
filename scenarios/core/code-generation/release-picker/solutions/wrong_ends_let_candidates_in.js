// score: 8.5 - numbers round, and an end without a pre-release lets in its own pre-releases
const NUMBER = "(?:0|[1-9][0-9]*)";
const PRE = `(?:${NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`;
const VERSION = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PRE}(?:\\.${PRE})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`);
const COMPARATOR = /^(>=|<=|[=<>^~]?) *([^ =<>^~]+)$/;
const sign = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function readVersion(text) {
  const match = VERSION.exec(text);
  return match && { text, numbers: match.slice(1, 4).map(Number), pre: match[4] ? match[4].split(".") : null };
}

function compareIdentifiers(a, b) {
  const isNumber = [a, b].map((id) => /^[0-9]+$/.test(id));
  if (isNumber[0] !== isNumber[1]) return isNumber[0] ? -1 : 1;
  return isNumber[0] ? sign(Number(a), Number(b)) : sign(a, b);
}

function compare(a, b) {
  for (let i = 0; i < 3; i++) {
    const order = sign(a.numbers[i], b.numbers[i]);
    if (order) return order;
  }
  if (!a.pre || !b.pre) return sign(!a.pre, !b.pre);
  for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i++) {
    const order = compareIdentifiers(a.pre[i], b.pre[i]);
    if (order) return order;
  }
  return sign(a.pre.length, b.pre.length);
}

function isBelow(version, end) {
  return compare(version, end) < 0;
}

function readPartial(text) {
  const full = text.includes("+") ? null : readVersion(text);
  if (full) return { given: full.numbers, pre: full.pre };
  const parts = text.split(".");
  const firstWild = parts.findIndex((part) => part === "x" || part === "*");
  const numbers = firstWild < 0 ? parts : parts.slice(0, firstWild);
  const wild = firstWild < 0 ? [] : parts.slice(firstWild);
  const isReadable =
    parts.length <= 3 &&
    numbers.length < 3 &&
    numbers.every((part) => new RegExp(`^${NUMBER}$`).test(part)) &&
    wild.every((part) => part === "x" || part === "*");
  return isReadable ? { given: numbers.map(Number), pre: null } : null;
}

/** The version that has the number at `index` raised, and zeros behind it. */
function raised(given, index) {
  const numbers = [0, 0, 0].map((zero, i) => (i < index ? given[i] : i === index ? given[i] + 1 : zero));
  return { numbers, pre: null };
}

function readComparator(operator, text) {
  const partial = readPartial(text);
  if (!partial) return null;
  const { given, pre } = partial;
  if (given.length === 0) return () => operator !== "<" && operator !== ">";
  const start = { numbers: [0, 0, 0].map((zero, i) => given[i] ?? zero), pre };
  const fromStart = (version) => compare(version, start) >= 0;
  const between = (index) => (version) => fromStart(version) && isBelow(version, raised(given, index));
  const last = given.length - 1;
  if (operator === "~") return between(Math.min(last, 1));
  if (operator === "^") {
    const firstNonZero = given.findIndex((number) => number !== 0);
    return between(firstNonZero < 0 ? last : firstNonZero);
  }
  if (operator === ">=") return fromStart;
  if (operator === "<") return (version) => isBelow(version, start);
  if (last === 2) {
    if (operator === ">") return (version) => compare(version, start) > 0;
    if (operator === "<=") return (version) => compare(version, start) <= 0;
    return (version) => compare(version, start) === 0;
  }
  const end = raised(given, last);
  if (operator === ">") return (version) => compare(version, end) >= 0;
  if (operator === "<=") return (version) => isBelow(version, end);
  return between(last);
}

function readRange(range) {
  const alternatives = [];
  for (const part of range.split("||")) {
    const words = part.trim().replace(/([=<>^~]) +/g, "$1").split(/ +/);
    const comparators = words.map((word) => {
      const match = COMPARATOR.exec(word);
      return match && readComparator(match[1], match[2]);
    });
    if (comparators.includes(null)) return null;
    alternatives.push(comparators);
  }
  return (version) => alternatives.some((comparators) => comparators.every((holds) => holds(version)));
}

function pickRelease(range, versions) {
  const satisfies = readRange(range);
  if (!satisfies) return null;
  const fitting = versions.map(readVersion).filter((version) => version && satisfies(version));
  const releases = fitting.filter((version) => !version.pre);
  const candidates = releases.length ? releases : fitting;
  let best = null;
  for (const version of candidates) {
    if (!best || compare(version, best) > 0) best = version;
  }
  return best && best.text;
}
