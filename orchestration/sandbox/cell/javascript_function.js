// Loads an answer in a context of its own, calls it, and writes the frames that python_function writes.
// Not here: the confinement (confine.py), nor reading the frames (frames.py).
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const { types } = require("node:util");

const SMALL_INT = 2 ** 53;
const DEEPEST = 80;
const MOST_NODES = 200000;
const descriptor = 3;
const job = JSON.parse(fs.readFileSync(0, "utf8"));

function encode(value) {
  const budget = { nodes: MOST_NODES };
  try {
    return encodeNode(value, 0, budget);
  } catch (error) {
    if (typeof error === "string") return ["u", error];
    throw error;
  }
}

function encodeNode(value, depth, budget) {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw "too many items";
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "bigint") return encodeInteger(value);
  if (typeof value !== "object") return ["u", typeof value];
  if (depth > DEEPEST) throw "nesting too deep";
  return encodeObject(value, (item) => encodeNode(item, depth + 1, budget));
}

function encodeNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) < SMALL_INT && !Object.is(value, -0)) return value;
  if (Number.isFinite(value)) return ["f", String(Object.is(value, -0) ? "-0.0" : value)];
  return ["f", Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf"];
}

function encodeInteger(value) {
  return ["i", (value < 0n ? "-0x" : "0x") + (value < 0n ? -value : value).toString(16)];
}

function encodeObject(value, node) {
  if (Array.isArray(value)) return ["l", Array.from(value, node)];
  if (types.isSet(value)) return ["s", Array.from(value, node)];
  if (types.isMap(value)) return ["d", Array.from(value, ([key, item]) => [node(key), node(item)])];
  if (types.isUint8Array(value)) return ["b", Buffer.from(value).toString("hex")];
  if (types.isDate(value) && !Number.isNaN(value.getTime())) return ["datetime", value.toISOString()];
  const name = value.constructor && value.constructor.name;
  if (name === undefined || name === "Object") return ["d", Object.keys(value).map((key) => [key, node(value[key])])];
  return ["u", String(name).slice(0, 80)];
}

function decode(tree) {
  if (!Array.isArray(tree)) return tree;
  const [tag, body] = tree;
  if (tag === "i") return BigInt(body.startsWith("-") ? body.slice(1) : body) * (body.startsWith("-") ? -1n : 1n);
  if (tag === "f") return { nan: NaN, inf: Infinity, "-inf": -Infinity }[body] ?? Number(body);
  if (tag === "b") return new Uint8Array(Buffer.from(body, "hex"));
  if (tag === "l" || tag === "t") return body.map(decode);
  if (tag === "s" || tag === "z") return new Set(body.map(decode));
  if (tag === "datetime" || tag === "date") return new Date(body);
  if (tag !== "d") return body;
  if (body.every(([key]) => typeof key === "string")) return Object.fromEntries(body.map(([k, v]) => [k, decode(v)]));
  return new Map(body.map(([key, item]) => [decode(key), decode(item)]));
}

function send(frame) {
  let data = Buffer.from(JSON.stringify(frame) + "\n");
  while (data.length) data = data.subarray(fs.writeSync(descriptor, data));
}

function described(error) {
  const names = [];
  for (let kind = error; kind !== null && typeof kind === "object" && names.length < 12; ) {
    kind = Object.getPrototypeOf(kind);
    if (kind && kind.constructor && kind.constructor.name !== "Object") names.push(String(kind.constructor.name));
  }
  if (!names.length) names.push(typeof error);
  return [names, String((error && error.message) || "").slice(0, 300)];
}

function load() {
  const module = { exports: {} };
  const context = vm.createContext({
    console, Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, structuredClone, queueMicrotask,
    setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, performance, process, require,
    module, exports: module.exports,
  });
  vm.runInContext(job.code, context, { filename: "answer.js" });
  const found = vm.runInContext(`typeof ${job.entry} === "undefined" ? undefined : ${job.entry}`, context);
  const entry = found === undefined ? module.exports[job.entry] : found;
  if (entry === undefined) throw new ReferenceError(`${job.entry} is not defined`);
  // Arguments are built inside the context, so that an answer's `instanceof Array` holds.
  const decodeInside = vm.runInContext(`(text) => (${decode})(JSON.parse(text))`, context);
  return (args) => entry(...decodeInside(JSON.stringify(["l", args])));
}

async function call(entry, index, args) {
  try {
    send(["value", index, encode(await entry(args))]);
  } catch (error) {
    send(["raised", index, ...described(error)]);
  }
}

async function main() {
  let entry;
  try {
    entry = load();
  } catch (error) {
    send(["failed", ...described(error)]);
    process.exit(0);
  }
  send(["loaded"]);
  for (const [index, args] of job.calls.entries()) await call(entry, index, args);
  send(["done", job.calls.length]);
  process.exit(0);
}

main();
