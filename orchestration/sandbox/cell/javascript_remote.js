// Both ends of the wire between a cell that runs tests and a cell that runs the code they judge, for Node.
// Not here: starting the two cells, the confinement (launch.py), the Python ends (remote.py).
//
// Arguments: `candidate` or `tests`, a descriptor to read, a descriptor to write. Standard input: a job as JSON text,
// {before, code} or {before, after}. The tests' side exits with 0 only when `after` and what it began have ended
// without an uncaught exception; when the other side fails it ends at once, so that no catch of a test hides that.
//
// Frames are 4 bytes of length and JSON text. Who waits for a reply serves what it is asked meanwhile.
//     ["ready"] ["refused", name, message]          the candidate's first frame
//     ["ask", id, is outermost, verb, handle, key, values, settled]
//     ["return" | "throw", id, value, changes, settled]
// Values are the tagged pairs of javascript_function.js; beyond them ["undefined"], ["map", pairs], ["regexp", source,
// flags], ["symbol", name of a well-known one], and
//     ["=", n, container]  ["~", n]  ["@", n, container | null]     as in remote.py
//     ["object", handle, class]  ["function", handle, name, length, parent]  ["builtin", name]  an object by reference
//     ["own", handle]  an object of the receiver     ["error", handle, class, name, message, fields]
//     ["promise", handle]  settled later, in the list that each message ends with; while the tests' event loop is idle
//     it lets the candidate's run ("poll")
//
// What the tests' side believes: primitives, arrays, plain objects, Map, Set and Date come as data. Any other object is
// a proxy whose prototype is local, so `===`, `instanceof`, Array.isArray and typeof are answered here. By nature a
// test that only calls an object's own methods (`includes`, `every`, `equals`) believes what they say.
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const { types } = require("node:util");

const SMALL_INT = 2 ** 53;
const DEEPEST = 80;
const DEEPEST_NESTING = 200;
const LARGEST_FRAME = 8 * 2 ** 20;
const POLL_MS = 2;
const BUSY = new Set(["Timeout", "Immediate", "FSReqCallback", "FSReqPromise"]);
const WELL_KNOWN = new Map(
  ["iterator", "asyncIterator", "toPrimitive", "toStringTag", "hasInstance"].map((name) => [Symbol[name], name])
);
const SYMBOLS = new Map(Array.from(WELL_KNOWN, ([symbol, name]) => [name, symbol]));
const ERRORS = ["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"];
const CLASSES = [...ERRORS, "AggregateError", "Array", "Map", "Set", "Date", "Promise", "Object", "RegExp"];
const BUILTINS = new Map(CLASSES.map((name) => [name, globalThis[name]]));
const NAME_OF_BUILTIN = new Map(Array.from(BUILTINS, ([name, value]) => [value, name]));
const NATIVE_PROTOTYPES = new Set([...BUILTINS.values()].map((kind) => kind.prototype).concat(Function.prototype));
const HIDDEN = new Set(["constructor", "prototype", "caller", "callee", "arguments"]);

const [role, readText, writeText] = process.argv.slice(-3);
const [readDescriptor, writeDescriptor] = [Number(readText), Number(writeText)];
const isTests = role === "tests";
const exit = process.exit.bind(process);
const standardError = 2;

const lentObjects = new Map(); // handle -> object of this side
const lentHandles = new Map(); // the reverse
const proxies = new Map(); // handle of the other side -> what stands for it here
const remoteHandles = new Map(); // the reverse
const promises = new Map(); // handle of the other side -> how to settle its promise here
const watched = new WeakSet(); // promises of this side that the other side waits for
const borrowed = { containers: new Map(), numbers: new Map() }; // number of the other side -> copy, its agreed content
const lent = { containers: new Map(), numbers: new Map() };
let settled = [];
let asked = 0;
let depth = 0;
let ticking = null;

function fail(reason) {
  fs.writeSync(standardError, `RemoteFailedError: the ${isTests ? "candidate" : "tests"}: ${reason}\n`);
  exit(1);
}

function send(message) {
  const text = JSON.stringify(message);
  const size = Buffer.byteLength(text);
  if (size > LARGEST_FRAME) fail("a message too large to be sent");
  let data = Buffer.alloc(4 + size);
  data.writeUInt32BE(size);
  data.write(text, 4);
  try {
    while (data.length) data = data.subarray(fs.writeSync(writeDescriptor, data));
  } catch {
    fail("it went away");
  }
}

function readExactly(size) {
  const data = Buffer.alloc(size);
  for (let have = 0; have < size; ) {
    let count = 0;
    try {
      count = fs.readSync(readDescriptor, data, have, size - have, null);
    } catch {
      return null;
    }
    if (!count) return null;
    have += count;
  }
  return data;
}

function receive() {
  const head = readExactly(4);
  if (head === null) return null;
  const size = head.readUInt32BE();
  if (size > LARGEST_FRAME) fail("an oversized frame");
  const body = readExactly(size);
  if (body === null) fail("a frame cut short");
  return believing(() => list(JSON.parse(body.toString("utf8"))));
}

// Whatever goes wrong in reading what the other side sent is its failure.
function believing(read) {
  try {
    return read();
  } catch (error) {
    return fail(`malformed message (${error && error.name})`);
  }
}

function list(tree) {
  if (!Array.isArray(tree) || !tree.length) throw new TypeError("no list");
  return tree;
}

function text(value) {
  if (typeof value !== "string") throw new TypeError("no text");
  return value;
}

function ask(verb, handle, key = "", values = []) {
  const isOutermost = depth === 0;
  if (isOutermost) forget();
  return nested(() => {
    const id = (asked += 1);
    const write = writer();
    const trees = values.map((value) => write(value));
    send(["ask", id, isOutermost, verb, handle, write(key), trees, takeSettled(write)]);
    return awaitReply(id);
  });
}

function awaitReply(id) {
  for (;;) {
    const message = receive();
    if (message === null) fail("it ended in a call");
    if (message[0] !== "ask") return replied(message, id);
    answer(message);
  }
}

function replied(message, id) {
  const value = believing(() => {
    const [kind, repliedTo, tree, changes, settlements] = message;
    if (repliedTo !== id || (kind !== "return" && kind !== "throw")) fail("a reply that nobody waits for");
    for (const change of changes) read(change);
    const result = read(tree);
    settle(settlements);
    agree();
    return result;
  });
  if (message[0] === "throw") throw value;
  return value;
}

function nested(work) {
  depth += 1;
  try {
    if (depth > DEEPEST_NESTING) fail("requests nested too deep");
    return work();
  } finally {
    depth -= 1;
  }
}

function answer(message) {
  nested(() => {
    const [id, target, verb, key, values] = believing(() => request(message));
    let [kind, outcome] = ["return", undefined];
    try {
      outcome = perform(verb, target, key, values);
    } catch (error) {
      [kind, outcome] = ["throw", error];
    }
    reply(kind, id, outcome);
  });
}

function request([, id, isOutermost, verb, handle, keyTree, trees, settlements]) {
  if (!isTests && isOutermost) forget();
  if (verb !== "poll" && verb !== "lookup" && !lentObjects.has(handle)) fail("an unknown handle");
  const key = read(keyTree);
  const values = trees.map((tree) => read(tree));
  settle(settlements);
  agree();
  return [id, lentObjects.get(handle), verb, key, values];
}

function reply(kind, id, outcome) {
  const write = writer();
  let tree;
  try {
    tree = write(outcome);
    if (JSON.stringify(tree).length > LARGEST_FRAME / 2) throw new RangeError("a value too large to be sent");
  } catch (error) {
    [kind, tree] = ["throw", writer()(new TypeError(String(error && error.message)))];
  }
  send([kind, id, tree, changes(write), takeSettled(write)]);
}

function changes(write) {
  const changed = [...borrowed.containers.values()].filter((entry) => differs(content(entry.copy), entry.agreed));
  return changed.map((entry) => write(entry.copy));
}

function perform(verb, target, key, values) {
  if (isTests && !isAllowed(verb, target, key)) throw new TypeError(`the tests do not hand out ${String(key) || verb}`);
  if (verb === "poll") return process.getActiveResourcesInfo().some((name) => BUSY.has(name));
  if (verb === "lookup") return values.map(lookup);
  if (verb === "apply") return Reflect.apply(target, values[0], values.slice(1));
  if (verb === "construct") return Reflect.construct(target, values);
  if (verb === "get") return isTests ? ownValue(target, key) : target[key];
  if (verb === "set") return Reflect.set(target, key, values[0]);
  if (verb === "delete") return Reflect.deleteProperty(target, key);
  if (verb === "has") return isTests ? holder(target, key) !== null : Reflect.has(target, key);
  if (verb === "keys") return Reflect.ownKeys(target).filter((name) => typeof name === "string");
  if (verb === "describe") return described(target, key);
  return fail(`a request to ${String(verb).slice(0, 80)}`);
}

// What the candidate may do with an object of the tests. Ends the run for what no honest candidate asks.
function isAllowed(verb, target, key) {
  if (verb === "apply" || verb === "construct") return typeof target === "function";
  if (verb === "keys") return typeof target === "object";
  if (!["get", "set", "delete", "has", "describe"].includes(verb)) fail(`a request to ${String(verb).slice(0, 80)}`);
  if (typeof key === "symbol") return typeof target === "object" && verb !== "set" && verb !== "delete";
  if (typeof key !== "string" || key.startsWith("_") || HIDDEN.has(key)) fail(`a request for ${String(key)}`);
  if (typeof target !== "object" || types.isModuleNamespaceObject(target) || target === globalThis) return false;
  return verb === "get" || verb === "has" || verb === "describe" || typeof ownValue(target, key) !== "function";
}

// The object on the prototype chain that holds a key, short of what the language itself provides.
function holder(target, key) {
  const isGenerator = types.isGeneratorObject(target);
  for (let at = target; at !== null && !NATIVE_PROTOTYPES.has(at); at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, key)) return at;
  }
  return isGenerator && (key === "next" || key === "return" || key === Symbol.iterator) ? target : null;
}

function ownValue(target, key) {
  return holder(target, key) === null ? undefined : target[key];
}

function described(target, key) {
  const found = Object.getOwnPropertyDescriptor(target, key);
  return found === undefined ? undefined : Boolean(found.enumerable);
}

function forget() {
  for (const table of [borrowed, lent]) {
    table.containers.clear();
    table.numbers.clear();
  }
}

function agree() {
  for (const entry of borrowed.containers.values()) {
    if (!entry.isFresh) continue;
    entry.isFresh = false;
    entry.agreed = content(entry.copy);
  }
}

function content(container) {
  if (Array.isArray(container)) return [...container];
  if (types.isMap(container)) return [...container].flat();
  if (types.isSet(container)) return [...container];
  return Object.entries(container).flat();
}

function differs(now, agreed) {
  return now.length !== agreed.length || now.some((item, index) => !Object.is(item, agreed[index]));
}

function lend(value) {
  if (!lentHandles.has(value)) {
    const handle = lentHandles.size + 1;
    lentHandles.set(value, handle);
    lentObjects.set(handle, value);
  }
  return lentHandles.get(value);
}

// Writes the values of one frame.
function writer() {
  const seen = new Set();
  function write(value, level = 0) {
    if (value === undefined) return ["undefined"];
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return writeNumber(value);
    if (typeof value === "bigint") return ["i", (value < 0n ? "-0x" : "0x") + (value < 0n ? -value : value).toString(16)];
    if (typeof value === "symbol") return ["symbol", WELL_KNOWN.get(value) ?? refuseValue("a symbol")];
    if (level > DEEPEST) throw new RangeError("nesting too deep");
    if (remoteHandles.has(value)) return ["own", remoteHandles.get(value)];
    if (isContainer(value)) return writeContainer(value, level);
    return writeData(value) ?? writeReference(value, write);
  }
  function writeContainer(value, level) {
    const known = borrowed.numbers.get(value);
    if (known !== undefined) return writeBorrowed(known, level);
    if (!lent.numbers.has(value)) {
      lent.numbers.set(value, lent.numbers.size);
      lent.containers.set(lent.numbers.get(value), value);
    }
    const number = lent.numbers.get(value);
    if (seen.has(value)) return ["~", number];
    seen.add(value);
    return ["=", number, writeContent(value, level)];
  }
  function writeBorrowed(number, level) {
    const entry = borrowed.containers.get(number);
    if (seen.has(entry) || !differs(content(entry.copy), entry.agreed)) return ["@", number, null];
    seen.add(entry);
    const tree = ["@", number, writeContent(entry.copy, level)];
    entry.agreed = content(entry.copy);
    return tree;
  }
  function writeContent(value, level) {
    const item = (part) => write(part, level + 1);
    if (Array.isArray(value)) return ["l", Array.from(value, item)];
    if (types.isSet(value)) return ["s", Array.from(value, item)];
    if (types.isMap(value)) return ["map", Array.from(value, (pair) => pair.map(item))];
    return ["d", Object.keys(value).map((key) => [key, item(value[key])])];
  }
  return write;
}

function refuseValue(kind) {
  throw new TypeError(`${kind} does not cross the boundary`);
}

function writeNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) < SMALL_INT && !Object.is(value, -0)) return value;
  return ["f", Object.is(value, -0) ? "-0.0" : String(value)];
}

// Arrays, Map, Set and objects that are data cross by value; what has methods of its own keeps its identity.
function isContainer(value) {
  if (types.isProxy(value) || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return Array.isArray(value);
  if (prototype === Map.prototype) return types.isMap(value);
  if (prototype === Set.prototype) return types.isSet(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const fields = Object.values(Object.getOwnPropertyDescriptors(value));
  return fields.every((field) => "value" in field && typeof field.value !== "function");
}

function writeData(value) {
  if (types.isUint8Array(value)) return ["b", Buffer.from(value).toString("hex")];
  if (types.isDate(value)) return ["datetime", Number.isNaN(value.getTime()) ? "" : value.toISOString()];
  if (types.isRegExp(value)) return ["regexp", value.source, value.flags];
  return null;
}

function writeReference(value, write) {
  if (NAME_OF_BUILTIN.has(value)) return ["builtin", NAME_OF_BUILTIN.get(value)];
  if (types.isPromise(value)) return writePromise(value);
  if (typeof value === "function") return writeFunction(value, write);
  const kind = classOf(value);
  const kindTree = kind === null ? null : write(kind);
  if (!types.isNativeError(value)) return ["object", lend(value), kindTree];
  const fields = Object.entries(value).filter(([, field]) => typeof field !== "object" && typeof field !== "function");
  const trees = fields.map(([key, field]) => [key, write(field)]);
  return ["error", lend(value), kindTree, String(value.name), String(value.message), trees];
}

function writeFunction(value, write) {
  const parent = Object.getPrototypeOf(value);
  const hasParent = isSource(value) && isLendable(parent) && Object.hasOwn(value, "prototype");
  return ["function", lend(value), String(value.name), Number(value.length), hasParent ? write(parent) : null];
}

// A class goes along with its instances only when it has a source: Node's own (Function) would be a way out.
function isLendable(kind) {
  return typeof kind === "function" && (NAME_OF_BUILTIN.has(kind) || remoteHandles.has(kind) || isSource(kind));
}

function isSource(value) {
  return !types.isProxy(value) && !Function.prototype.toString.call(value).endsWith("{ [native code] }");
}

function classOf(value) {
  const prototype = Object.getPrototypeOf(value);
  const kind = prototype && Object.hasOwn(prototype, "constructor") ? prototype.constructor : null;
  return isLendable(kind) && kind.prototype === prototype ? kind : null;
}

function writePromise(promise) {
  const handle = lend(promise);
  if (!watched.has(promise)) {
    watched.add(promise);
    promise.then(
      (value) => settled.push([handle, true, value]),
      (error) => settled.push([handle, false, error])
    );
  }
  return ["promise", handle];
}

function takeSettled(write) {
  const now = settled;
  settled = [];
  return now.map(([handle, isKept, value]) => [handle, isKept, write(value)]);
}

function settle(settlements) {
  for (const [handle, isKept, tree] of settlements) {
    const value = read(tree);
    const entry = promises.get(handle);
    if (entry === undefined) throw new TypeError("an unknown promise");
    promises.delete(handle);
    (isKept === true ? entry.resolve : entry.reject)(value);
  }
  keepTicking();
}

// Reads one value; whatever no honest side writes throws (see believing).
function read(tree, level = 0) {
  if (tree === null || ["boolean", "string", "number"].includes(typeof tree)) return tree;
  if (level > DEEPEST + 2) throw new RangeError("nesting too deep");
  const reader = READERS.get(list(tree)[0]);
  if (reader === undefined) throw new TypeError("an unknown tag");
  return reader(tree, level + 1);
}

const READERS = new Map([
  ["undefined", () => undefined],
  ["i", ([, body]) => BigInt(text(body).replace("-", "")) * (body.startsWith("-") ? -1n : 1n)],
  ["f", ([, body]) => Number(text(body))],
  ["b", ([, body]) => new Uint8Array(Buffer.from(text(body), "hex"))],
  ["datetime", ([, body]) => new Date(text(body) === "" ? NaN : body)],
  ["regexp", ([, source, flags]) => new RegExp(text(source), text(flags))],
  ["symbol", ([, name]) => SYMBOLS.get(name) ?? refuseValue("a symbol")],
  ["builtin", ([, name]) => BUILTINS.get(name) ?? refuseValue("an unknown builtin")],
  ["~", ([, number]) => borrowed.containers.get(number).copy],
  ["=", readContainer],
  ["@", readChange],
  ["own", ([, handle]) => lentObjects.get(handle) ?? refuseValue("an unknown handle")],
  ["object", readObject],
  ["function", readFunction],
  ["error", readError],
  ["promise", readPromise],
]);
const EMPTY = { l: () => [], s: () => new Set(), map: () => new Map(), d: () => ({}) };

function readContainer([, number, tree], level) {
  let entry = borrowed.containers.get(number);
  if (entry === undefined) {
    entry = { copy: EMPTY[list(tree)[0]](), agreed: [], isFresh: true };
    borrowed.containers.set(number, entry);
    borrowed.numbers.set(entry.copy, number);
  } else if (!entry.isFresh && differs(content(entry.copy), entry.agreed)) {
    return entry.copy;
  }
  entry.isFresh = true;
  fill(entry.copy, tree, level);
  return entry.copy;
}

function readChange([, number, tree], level) {
  const container = lent.containers.get(number);
  if (container === undefined) throw new TypeError("an unknown container");
  if (tree !== null) fill(container, tree, level);
  return container;
}

function fill(container, [tag, body], level) {
  const kind = Array.isArray(container) ? "l" : types.isSet(container) ? "s" : types.isMap(container) ? "map" : "d";
  if (tag !== kind) throw new TypeError("another kind of container");
  const isPaired = kind === "d" || kind === "map";
  const items = body.map((item) => (isPaired ? item.map((part) => read(part, level)) : read(item, level)));
  if (kind === "d") return fillObject(container, items);
  if (kind === "l") container.length = 0;
  else container.clear();
  const add = { l: (item) => container.push(item), s: (item) => container.add(item), map: (pair) => container.set(...pair) };
  items.forEach((item) => add[kind](item));
}

function fillObject(container, pairs) {
  for (const key of Object.keys(container)) delete container[key];
  for (const [key, value] of pairs) {
    Object.defineProperty(container, text(key), { value, writable: true, enumerable: true, configurable: true });
  }
}

function remember(handle, stand) {
  if (!Number.isInteger(handle)) throw new TypeError("a handle is a number");
  proxies.set(handle, stand);
  remoteHandles.set(stand, handle);
  return stand;
}

function prototypeOf(kindTree, level) {
  const kind = kindTree === null ? Object : read(kindTree, level);
  return typeof kind === "function" ? kind.prototype : Object.prototype;
}

function readObject([, handle, kindTree], level) {
  const prototype = prototypeOf(kindTree, level);
  return proxies.get(handle) ?? remember(handle, new Proxy(Object.create(prototype), traps(handle)));
}

function readFunction([, handle, name, length, parentTree], level) {
  const parent = parentTree === null ? null : read(parentTree, level);
  if (proxies.has(handle)) return proxies.get(handle);
  const target = function () {};
  Object.defineProperty(target, "name", { value: text(name), configurable: true });
  Object.defineProperty(target, "length", { value: Number(length), configurable: true });
  if (typeof parent === "function") Object.setPrototypeOf(target.prototype, parent.prototype);
  const stand = remember(handle, new Proxy(target, { ...traps(handle), ...callTraps(handle) }));
  target.prototype.constructor = stand;
  return stand;
}

function readError([, handle, kindTree, name, message, fields], level) {
  if (proxies.has(handle)) return proxies.get(handle);
  const error = new Error(text(message));
  const prototype = prototypeOf(kindTree, level);
  Object.setPrototypeOf(error, Error.prototype.isPrototypeOf(prototype) ? prototype : Error.prototype);
  if (error.name !== name) Object.defineProperty(error, "name", { value: text(name), writable: true, configurable: true });
  fillObject(error, fields.map(([key, field]) => [key, read(field, level)]));
  return remember(handle, error);
}

function readPromise([, handle]) {
  if (proxies.has(handle)) return proxies.get(handle);
  const promise = new Promise((resolve, reject) => promises.set(handle, { resolve, reject }));
  keepTicking();
  return remember(handle, promise);
}

function traps(handle) {
  return {
    get: (target, key, receiver) => getRemote(handle, target, key, receiver),
    set: (_, key, value) => ask("set", handle, key, [value]),
    has: (target, key) => key in target || (isAsked(key) && ask("has", handle, key)),
    deleteProperty: (_, key) => ask("delete", handle, key),
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...remoteKeys(handle, target)])],
    getOwnPropertyDescriptor: (target, key) => describeRemote(handle, target, key),
    setPrototypeOf: () => false,
    defineProperty: (_, key, { value }) => ask("set", handle, key, [value]),
  };
}

function callTraps(handle) {
  return {
    apply: (_, self, values) => ask("apply", handle, "", [self === globalThis ? undefined : self, ...values]),
    construct: (_, values, kind) => {
      if (remoteHandles.get(kind) !== handle) throw new TypeError("a class of another process can't be extended here");
      return ask("construct", handle, "", values);
    },
  };
}

// The candidate's proxies do not ask for what the tests' side would end the run for.
function isAsked(key) {
  if (typeof key === "symbol") return WELL_KNOWN.has(key);
  return isTests || !(key.startsWith("_") || HIDDEN.has(key));
}

function remoteKeys(handle, target) {
  return typeof target === "function" && !isTests ? [] : ask("keys", handle).map(text);
}

function getRemote(handle, target, key, receiver) {
  if (typeof target === "function" && (key === "prototype" || key in Function.prototype)) return Reflect.get(target, key);
  if (!isAsked(key) || (key === "then" && !isTests)) return Reflect.get(target, key, receiver);
  const value = ask("get", handle, key);
  return value === undefined && key in target ? Reflect.get(target, key, receiver) : value;
}

function describeRemote(handle, target, key) {
  const local = Reflect.getOwnPropertyDescriptor(target, key);
  if (local !== undefined || !isAsked(key)) return local;
  const enumerable = ask("describe", handle, key);
  if (enumerable === undefined) return undefined;
  return { value: ask("get", handle, key), enumerable, writable: true, configurable: true };
}

// While a promise of the candidate is pending the tests' event loop stays alive for it.
function keepTicking() {
  if (ticking !== null) promises.size ? ticking.ref() : ticking.unref();
}

function startTicking() {
  ticking = setInterval(() => depth === 0 && ask("poll", 0), POLL_MS);
  ticking.unref();
}

const scopes = [
  (name) => vm.runInThisContext(`typeof ${name} === "undefined" ? undefined : ${name}`),
  (name) => globalThis.module.exports[name],
];

function lookup(name) {
  for (const scope of scopes) {
    try {
      const value = scope(name);
      if (value !== undefined) return value;
    } catch {
      continue;
    }
  }
  return undefined;
}

function startScope(before, filename) {
  Object.assign(globalThis, { require, module: { exports: {} } });
  globalThis.exports = globalThis.module.exports;
  vm.runInThisContext(before, { filename });
}

async function serve(job) {
  try {
    startScope(job.before + job.code, "answer.js");
  } catch (error) {
    const [name, message] = [error && error.name, error && error.message].map((part) => String(part).slice(0, 300));
    send(["refused", name, message]);
    exit(0);
  }
  send(["ready"]);
  for (let message = receive(); message !== null; message = receive()) {
    if (message[3] === "poll") await idle();
    answer(message);
  }
  exit(0);
}

// One turn of the event loop, timers included.
function idle() {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function test(job) {
  const message = receive();
  if (message === null) fail("it ended before it was loaded");
  if (message[0] === "refused") fail(`it does not load: ${message.slice(1, 3).join(": ").slice(0, 400)}`);
  if (message[0] !== "ready") fail("it does not begin with its offer");
  startScope(job.before, "before.js");
  startTicking();
  offer(job.after);
  const last = vm.runInThisContext(job.after, { filename: "tests.js" });
  awaitEnd(types.isPromise(last) ? last : Promise.resolve());
}

// The tests have ended when what they end with is settled and no timer of the candidate may still call them back.
function awaitEnd(last) {
  let isSettled = false;
  last.then(() => (isSettled = true));
  process.on("beforeExit", () => {
    if (ask("poll", 0) === true) setTimeout(() => {}, POLL_MS);
    else if (!isSettled) fail("the tests wait for what never comes");
  });
}

function offer(source) {
  const words = new Set(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);
  const names = [...words].filter((name) => !name.startsWith("__") && isFree(name));
  const values = ask("lookup", 0, "", names);
  believing(() => list([...values, null]));
  names.forEach((name, index) => {
    if (values[index] === undefined) return;
    Object.defineProperty(globalThis, name, { value: values[index], writable: true, configurable: true });
  });
}

// Whether a word may be a name that only the candidate has: no keyword, and unknown on this side.
function isFree(name) {
  try {
    new vm.Script(`(${name})`);
    return vm.runInThisContext(`typeof ${name}`) === "undefined" && name !== "undefined";
  } catch {
    return false;
  }
}

const job = JSON.parse(fs.readFileSync(0, "utf8"));
isTests ? test(job) : serve(job);
