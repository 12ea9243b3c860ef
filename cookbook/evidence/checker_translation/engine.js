// What the translated rules use of Python.
"use strict";

class Float {
  constructor(value) { this.value = value; }
  valueOf() { return this.value; }
}
const OTHER = { other: true }, UNKNOWN = { unknown: true };

function data(json) {
  if (Array.isArray(json)) return json.map(data);
  if (json === null || typeof json !== "object") return json;
  return new Map(Object.entries(json).map(([key, value]) => [key, data(value)]));
}

function kind(value) {
  if (value === null || value === undefined) return "None";
  if (value instanceof Float) return "float";
  if (value instanceof Map) return "dict";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "int";
  return "other";
}

function describe(value) {
  const type = kind(value);
  if (type === "None") return "None";
  if (type === "str") return `'${Array.from(value).slice(0, 40).join("")}'`;
  if (type === "other") return "an object";
  if (type === "dict" || type === "list") return `a ${type}`;
  if (type === "bool") return value ? "True" : "False";
  if (!(value > -1e9 && value < 1e9)) return "a huge number";
  if (type === "int") return String(value);
  if (Number.isInteger(value.value)) return value.value.toFixed(1);
  return String(value.value).replace(/e-(\d)$/, "e-0$1");
}

function truth(value) {
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  return Boolean(value);
}

function all(...tests) {
  let value = true;
  for (const test of tests) if (!truth((value = test()))) return value;
  return value;
}

function any(...tests) {
  let value = false;
  for (const test of tests) if (truth((value = test()))) return value;
  return value;
}

const number = (value) => (typeof value === "boolean" ? Number(value) : value);
const bare = (value) => (value instanceof Float ? value.value : number(value));
const same = (one, other) => bare(one) === bare(other);
const iterate = (value) =>
  value instanceof Map ? Array.from(value.keys()) : Array.from(value);
function has(place, value) {
  if (typeof place === "string") return place.includes(value);
  if (place instanceof Map && typeof value === "string") return place.has(value);
  return iterate(place).some((inside) => same(inside, value));
}
const as_key = (value) =>
  ["dict", "list"].includes(kind(value)) ? OTHER : value instanceof Float ? value.value : value;
const drop = (place, key) => place.delete(key);
const at = (place, key) => (place instanceof Map ? place.get(key) : place[key]);
const get = (place, key, otherwise) => (place.has(key) ? place.get(key) : otherwise);
const len = (value) => (value instanceof Map ? value.size : iterate(value).length);
const list = (value) => iterate(value);
const range = (end) => Array.from({ length: end }, (_, place) => place);
const max = (...values) => Math.max(...values);
const min = (...values) => Math.min(...values);
const int = (value) => Math.trunc(value);
const single = (value) => Math.fround(value);
const text = (value) => (typeof value === "string" ? value : describe(value));
const lower = (value) => value.toLowerCase();
const upper = (value) => value.toUpperCase();
const join = (glue, parts) => parts.join(glue);
const split = (value, mark) => value.split(mark);
const startswith = (value, start) => value.startsWith(start);
const strip = (value) => value.trim();
const isdigit = (value) => /^[0-9]+$/.test(value);
const endswith = (value, end) => value.endsWith(end);

// Sums, as Python makes them; what two languages may compute otherwise is unknown.
function calculate(sign, one, other) {
  const kinds = [kind(one), kind(other)], [a, b] = [bare(one), bare(other)];
  const every = (...allowed) => kinds.every((name) => allowed.includes(name));
  if (sign === "+" && (every("str") || every("list")) && a.length + b.length < 10_000) {
    return every("str") ? a + b : [...a, ...b];
  }
  const whole = every("int", "bool");
  if (!every("int", "bool", "float") || !(whole || "+-*/".includes(sign))) return UNKNOWN;
  if (["/", "//", "%"].includes(sign) && !b) return UNKNOWN;
  if (sign === "**" && !(b >= 0 && b <= 10 && Math.abs(a) <= 1000)) return UNKNOWN;
  const figures = {
    "+": a + b, "-": a - b, "*": a * b, "/": a / b, "//": Math.floor(a / b),
    "%": a - b * Math.floor(a / b), "**": a ** b,
  };
  const result = figures[sign] ?? NaN;
  if (![a, b, result].every((figure) => Math.abs(figure) < 1e15)) return UNKNOWN;
  return whole && sign !== "/" ? result : new Float(result);
}

// Return the findings as the Python side does.
function diagnose(given) {
  return RULES.flatMap(({ id, rule }) =>
    Array.from(rule(given), ([message, hint]) =>
      new Map([["id", id], ["message", message], ["hint", hint]])),
  );
}
