// What the translated rules use of Python, and a reader of Python's literals.
"use strict";

class Float {
  constructor(value) { this.value = value; }
  valueOf() { return this.value; }
}
const OTHER = { other: true };

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
const has = (place, value) =>
  typeof place === "string"
    ? place.includes(value)
    : iterate(place).some((inside) => same(inside, value));
const at = (place, key) => (place instanceof Map ? place.get(key) : place[key]);
const get = (place, key, otherwise) => (place.has(key) ? place.get(key) : otherwise);
const len = (value) => iterate(value).length;
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

const WORDS = new Map([["True", true], ["False", false], ["None", null]]);
const ESCAPES = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', "\n": "" };
const TOKEN = new RegExp(
  [
    /(?<space>[ \t\r\n\f]+|#[^\n]*|\\\n)/,
    /(?<string>[rRuU]?(?:'''[^]*?'''|"""[^]*?"""|'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"))/,
    /(?<number>0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/,
    /(?<name>[^\W\d][\w.]*)/,
    /(?<mark>[^])/,
  ].map((part) => part.source).join("|"),
  "uy",
);

// Return a Map from each assigned name to its value; a bare dictionary is Q_CLUSTER.
// Throws SyntaxError with the line and what to do.
function read(source) {
  const tokens = [];
  let line = 1, place = 0;
  if (source.length > 200_000) throw new SyntaxError("this is too long to be settings");
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source).groups;
    const type = Object.keys(found).find((name) => found[name] !== undefined);
    if (type !== "space") tokens.push({ type, text: found[type], line });
    line += found[type].split("\n").length - 1;
  }
  const end = { type: "end", text: "the end", line };
  const next = () => tokens[place] ?? end;
  const take = () => tokens[place++] ?? end;
  const is = (mark) => next().type === "mark" && next().text === mark;
  const refuse = (token, hint) => {
    throw new SyntaxError(`line ${token.line}: ${hint}`);
  };
  const want = (mark) =>
    is(mark) ? take() : refuse(next(), `${next().text} stands where ${mark} is missing`);

  function string(token) {
    const raw = /^[rR]/.test(token.text), body = token.text.replace(/^[rRuU]/, "");
    const quotes = /^('''|""")/.test(body) ? 3 : 1, inside = body.slice(quotes, -quotes);
    if (raw) return inside;
    return inside.replace(
      /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])/g,
      (all, code) =>
        code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16))
        : code in ESCAPES ? ESCAPES[code] : all,
    );
  }

  function figure(token) {
    const digits = token.text.replaceAll("_", "");
    if (/^0[xX]/.test(digits)) return parseInt(digits, 16);
    if (/^0\d*[1-9]/.test(digits) && /^\d+$/.test(digits)) {
      refuse(token, `${token.text} is no number in Python; drop the 0`);
    }
    return /[.eE]/.test(digits) ? new Float(Number(digits)) : Number(digits);
  }

  function several(close, one) {
    const found = [];
    let commas = 0;
    while (!is(close)) {
      found.push(one());
      if (!is(",")) break;
      take();
      commas += 1;
    }
    want(close);
    return [found, commas];
  }

  function value(depth) {
    if (depth > 50) refuse(next(), "this is nested too deeply");
    const token = take();
    if (token.type === "string") {
      let joined = string(token);
      while (next().type === "string") joined += string(take());
      return joined;
    }
    if (token.type === "number") return figure(token);
    if (token.type === "name" && WORDS.has(token.text)) return WORDS.get(token.text);
    if (token.type === "name") {
      refuse(token, `${token.text} is computed; write the value itself`);
    }
    if (token.text === "-" || token.text === "+") {
      const inside = value(depth + 1), sign = token.text === "-" ? -1 : 1;
      if (kind(inside) === "float") return new Float(sign * inside.value);
      if (kind(inside) === "int") return sign * inside;
      refuse(token, "a sign belongs before a number");
    }
    if (token.text === "[") return several("]", () => value(depth + 1))[0];
    if (token.text === "(") {
      const [inside, commas] = several(")", () => value(depth + 1));
      return inside.length === 1 && !commas ? inside[0] : inside;
    }
    if (token.text !== "{") refuse(token, `${token.text} begins no value`);
    const map = new Map();
    let set = false;
    several("}", () => {
      const tuple = is("("), read = value(depth + 1);
      const key = tuple && kind(read) === "list" ? OTHER : read;
      if (kind(key) === "dict" || kind(key) === "list") refuse(token, "no such key");
      if (!is(":")) return (set = true);
      take();
      return map.set(key instanceof Float ? key.value : key, value(depth + 1));
    });
    return set ? OTHER : map;
  }

  const told = new Map();
  if (next().type === "end") return told;
  if (next().type !== "name") {
    told.set("Q_CLUSTER", value(0));
    if (next().type !== "end") refuse(next(), `${next().text} stands after the end`);
    return told;
  }
  while (next().type !== "end") {
    const name = take();
    if (name.type !== "name") refuse(name, `${name.text} begins no NAME = value`);
    want("=");
    told.set(name.text, value(0));
  }
  return told;
}

// Return the findings as the Python side does.
function diagnose(given) {
  return RULES.flatMap(({ id, rule }) =>
    Array.from(rule(given), ([message, hint]) => ({ id, message, hint })),
  );
}
