// score: 10
const BYTES = { "": {{block.size}}, K: 1000, k: 1024, M: 1000 ** 2, m: 1024 ** 2 };

function bytesOf(size) {
  const [, number, unit] = /^([\d.]+)([KkMm]?)$/.exec(size);
  return Number(number) * BYTES[unit];
}

function dayOf(date, time) {
  if (time < "{{morning.hour}}:00") return date;
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

function sizesByDay(lines) {
  const days = new Map();
  for (const line of lines) {
    if (!line.trim() || line.startsWith("#")) continue;
    const [date, time, size] = line.trim().split(/\s+/);
    const day = dayOf(date, time);
    days.set(day, [...(days.get(day) ?? []), bytesOf(size)]);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}

const total = (sizes) => sizes.reduce((sum, size) => sum + size, 0);
const ascending = (sizes) => [...sizes].sort((a, b) => a - b);

function growth(now, before) {
  return before === undefined || now === 0 ? null : Math.trunc(((now - before) * 100) / now);
}

const VALUES = {
  days: (days) => days.map(([day]) => day),
  total: (days) => days.map(([, sizes]) => total(sizes)),
  median: (days) => days.map(([, sizes]) => ascending(sizes)[Math.floor((sizes.length - 1) / 2)]),
  peak: (days) => days.map(([, sizes]) => ascending(sizes).at(-2) ?? null),
  growth: (days) => VALUES.total(days).map((now, index, all) => growth(now, all[index - 1])),
  over: (days) => VALUES.total(days).map((sum) => sum >= bytesOf("{{quota.text}}")),
};

function usage(lines, what) {
  if (!Object.hasOwn(VALUES, what)) throw new RangeError(`no such word: ${what}`);
  return VALUES[what](sizesByDay(lines));
}
