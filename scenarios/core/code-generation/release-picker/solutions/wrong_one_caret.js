// score: 3.5 - any caret ends at the next major, versions are padded with zeros and never checked, text order for the rest
function parse(text) {
  const [core, ...rest] = text.split("+")[0].split("-");
  const numbers = core.split(".").map((part) => parseInt(part, 10) || 0);
  while (numbers.length < 3) numbers.push(0);
  return { text, numbers, pre: rest.join("-") };
}

function compare(a, b) {
  for (let i = 0; i < 3; i++) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  }
  if (a.pre === b.pre) return 0;
  if (!a.pre) return 1;
  if (!b.pre) return -1;
  return a.pre.localeCompare(b.pre, undefined, { numeric: true });
}

function test(version, comparator) {
  const [, operator, text] = /^([<>=^~]*)(.*)$/.exec(comparator);
  const given = text.split(".").filter((part) => /^\d/.test(part)).length;
  if (given === 0) return true;
  const wanted = parse(text);
  const order = compare(version, wanted);
  const [major, minor] = wanted.numbers;
  const sameMajor = version.numbers[0] === major;
  const sameMinor = sameMajor && version.numbers[1] === minor;
  switch (operator) {
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "^":
      return order >= 0 && sameMajor;
    case "~":
      return order >= 0 && (given === 1 ? sameMajor : sameMinor);
    default:
      return given === 1 ? sameMajor : given === 2 ? sameMinor : order === 0;
  }
}

function pickRelease(range, versions) {
  const alternatives = range.split("||").map((part) => part.trim().replace(/([<>=^~])\s+/g, "$1").split(/\s+/));
  const matching = versions
    .map(parse)
    .filter((version) => alternatives.some((list) => list.every((comparator) => test(version, comparator))));
  const stable = matching.filter((version) => !version.pre);
  const sorted = (stable.length > 0 ? stable : matching).sort((a, b) => compare(b, a));
  return sorted.length > 0 ? sorted[0].text : null;
}
