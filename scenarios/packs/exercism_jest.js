// The part of Jest that the tests of Exercism's JavaScript track use. An `x` before a test is the track's own
// ("one after the other"), and means nothing here.
const { describe, xdescribe, test, it, xtest, xit, expect, beforeEach, afterEach, beforeAll, afterAll, runTests } = (() => {
  const { inspect, isDeepStrictEqual } = require("node:util");
  const root = { name: "", before: [], after: [], first: [], last: [], parent: null };
  const found = [];
  let suite = root;

  function same(one, other) {
    if (Object.is(one, other)) return true;
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
    if (one instanceof RegExp && other instanceof RegExp) return String(one) === String(other);
    if (one instanceof Error && other instanceof Error) return one.message === other.message;
    if (one instanceof Set && other instanceof Set) return isDeepStrictEqual(one, other);
    if (one instanceof Map && other instanceof Map) return sameMap(one, other);
    if (Array.isArray(one) && one.length !== other.length) return false;
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].every((key) => same(one[key], other[key]));
  }

  function sameMap(one, other) {
    return one.size === other.size && [...one].every(([key, value]) => other.has(key) && same(value, other.get(key)));
  }

  function holds(whole, part) {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return same(whole, part);
    return Object.keys(part).every((key) => typeof whole === "object" && whole !== null && holds(whole[key], part[key]));
  }

  function raised(run) {
    try {
      run();
    } catch (error) {
      return { error };
    }
    return null;
  }

  function isWanted(error, wanted) {
    if (wanted === undefined) return true;
    if (typeof wanted === "function") return error instanceof wanted;
    const message = error && typeof error === "object" && "message" in error ? String(error.message) : String(error);
    if (wanted instanceof RegExp) return wanted.test(message);
    return typeof wanted === "string" ? message.includes(wanted) : message === wanted.message;
  }

  function throws(value, wanted, isError) {
    const thrown = isError ? { error: value } : raised(value);
    return thrown !== null && isWanted(thrown.error, wanted);
  }

  function at(value, path) {
    const keys = Array.isArray(path) ? path : String(path).split(".");
    return keys.reduce((part, key) => (part === undefined || part === null ? undefined : part[key]), value);
  }

  const matchers = {
    toBe: (value, wanted) => Object.is(value, wanted),
    toEqual: (value, wanted) => same(value, wanted),
    toStrictEqual: (value, wanted) => isDeepStrictEqual(value, wanted),
    toMatchObject: (value, wanted) => holds(value, wanted),
    toBeUndefined: (value) => value === undefined,
    toBeDefined: (value) => value !== undefined,
    toBeNull: (value) => value === null,
    toBeNaN: (value) => Number.isNaN(value),
    toBeTruthy: (value) => Boolean(value),
    toBeFalsy: (value) => !value,
    toBeInstanceOf: (value, kind) => value instanceof kind,
    toBeCloseTo: (value, wanted, digits = 2) => Math.abs(value - wanted) < 10 ** -digits / 2,
    toBeGreaterThan: (value, wanted) => value > wanted,
    toBeGreaterThanOrEqual: (value, wanted) => value >= wanted,
    toBeLessThan: (value, wanted) => value < wanted,
    toBeLessThanOrEqual: (value, wanted) => value <= wanted,
    toContain: (value, wanted) => (typeof value === "string" ? value.includes(wanted) : [...value].includes(wanted)),
    toContainEqual: (value, wanted) => [...value].some((item) => same(item, wanted)),
    toHaveLength: (value, wanted) => value.length === wanted,
    toHaveProperty: (value, path, ...wanted) =>
      wanted.length ? same(at(value, path), wanted[0]) : at(value, path) !== undefined,
    toMatch: (value, wanted) => (wanted instanceof RegExp ? wanted.test(value) : String(value).includes(wanted)),
    toThrow: (value, wanted, isError) => throws(value, wanted, isError),
    toThrowError: (value, wanted, isError) => throws(value, wanted, isError),
  };

  function judged(name, value, wanted, { isNegated, isError }) {
    const given = name.startsWith("toThrow") ? [wanted[0], isError] : wanted;
    if (Boolean(matchers[name](value, ...given)) === isNegated) {
      const shown = [value, ...wanted].map((item) => inspect(item, { depth: 2, breakLength: Infinity }).slice(0, 120));
      throw new Error(`${shown[0]} ${isNegated ? "not " : ""}${name}(${shown.slice(1).join(", ")})`);
    }
  }

  async function settled(promise, isRejected) {
    const fulfilled = await Promise.resolve(typeof promise === "function" ? promise() : promise).then(
      (value) => ({ value, rejected: false }),
      (value) => ({ value, rejected: true })
    );
    if (fulfilled.rejected !== isRejected) throw new Error(`the promise was ${isRejected ? "fulfilled" : "rejected"}`);
    return fulfilled.value;
  }

  function expectation(value, ways) {
    const checks = {};
    for (const name of Object.keys(matchers)) checks[name] = (...wanted) => judged(name, value, wanted, ways);
    return checks;
  }

  function promised(promise, isRejected, isNegated) {
    const checks = {};
    for (const name of Object.keys(matchers)) {
      checks[name] = async (...wanted) =>
        judged(name, await settled(promise, isRejected), wanted, { isNegated, isError: isRejected });
    }
    return checks;
  }

  function expect(value) {
    const later = (isRejected) =>
      Object.assign(promised(value, isRejected, false), { not: promised(value, isRejected, true) });
    return Object.assign(expectation(value, { isNegated: false, isError: false }), {
      not: expectation(value, { isNegated: true, isError: false }),
      resolves: later(false),
      rejects: later(true),
    });
  }

  function describe(name, body) {
    suite = { name, before: [], after: [], first: [], last: [], parent: suite };
    body();
    suite = suite.parent;
  }

  function test(name, body) {
    found.push({ name, body, suite });
  }

  test.skip = () => {};
  test.only = test;
  for (const table of [test, describe]) {
    table.each = (rows) => (name, body) =>
      rows.forEach((row) => table(name, () => body(...(Array.isArray(row) ? row : [row]))));
  }
  describe.skip = () => {};
  describe.only = describe;

  function called(body) {
    return body.length ? new Promise((resolve, reject) => body((error) => (error ? reject(error) : resolve()))) : body();
  }

  function around(inner) {
    return inner === null ? [] : [...around(inner.parent), inner];
  }

  async function runTest({ body, suite: inner }) {
    const suites = around(inner);
    for (const part of suites) {
      for (const hook of part.first.splice(0)) await called(hook);
    }
    for (const part of suites) for (const hook of part.before) await called(hook);
    await called(body);
    for (const part of suites.reverse()) for (const hook of part.after) await called(hook);
  }

  async function runTests() {
    const failed = [];
    for (const item of found) {
      try {
        await runTest(item);
      } catch (error) {
        failed.push(`${item.name} (${error && error.message ? error.message : error})`);
      }
    }
    if (failed.length || !found.length) {
      console.error(`${failed.length} of ${found.length} tests failed: ${failed.join("; ")}`);
      process.exit(1);
    }
  }

  // As under Jest: what a test awaits is judged, a promise that it leaves behind is not.
  process.on("unhandledRejection", () => {});

  return {
    describe,
    xdescribe: describe,
    test,
    it: test,
    xtest: test,
    xit: test,
    expect,
    beforeEach: (hook) => suite.before.push(hook),
    afterEach: (hook) => suite.after.push(hook),
    beforeAll: (hook) => suite.first.push(hook),
    afterAll: () => {},
    runTests,
  };
})();
