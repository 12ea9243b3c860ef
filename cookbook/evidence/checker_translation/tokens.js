// The tokens of a Python text, and the values of its strings and numbers.
const ESCAPES = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', "\n": "",
  a: "\x07", b: "\b", f: "\f", v: "\v" };
const CLOSING = { "(": ")", "[": "]", "{": "}" };
const LONGEST = 2_000_000;
const TOKEN = new RegExp(
  [
    /(?<space>[ \t\f\ufeff]+|#[^\n]*|\\\n)/,
    /(?<newline>\n)/,
    /(?<string>(?:[rRbBuUfFtT]{0,2})(?:'''|"""|'|"))/,
    /(?<number>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?)/,
    /(?<name>[\p{L}_][\p{L}\p{N}_]*)/,
    /(?<mark>\*\*=|\/\/=|>>=|<<=|\.\.\.|[-+*/%@&|^:=!<>]=|\*\*|\/\/|<<|>>|->|[^])/,
  ].map((part) => part.source).join("|"),
  "uy",
);

function refuse(line, what) {
  throw new SyntaxError(`line ${line}: ${what}`);
}

// Return where the quotes close, or -1.
function closing(source, place, quotes) {
  for (; place < source.length; place += 1) {
    if (source[place] === "\\") place += 1;
    else if (source.startsWith(quotes, place)) return place;
    else if (source[place] === "\n" && quotes.length === 1) return -1;
  }
  return -1;
}

// Return the tokens; a newline inside of brackets is none. Each bracket knows its end.
function tokenize(source) {
  const tokens = [], open = [];
  let line = 1, began = 0, fresh = true;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length; ) {
    const start = TOKEN.lastIndex, found = TOKEN.exec(source).groups;
    const type = Object.keys(found).find((name) => found[name] !== undefined);
    const token = { type, text: found[type], line };
    if (type === "string") {
      const [, prefix, quotes] = /^(\w*)(\W+)$/.exec(token.text);
      const end = closing(source, TOKEN.lastIndex, quotes);
      if (end < 0) refuse(line, "a string is not closed");
      Object.assign(token, { prefix, text: source.slice(TOKEN.lastIndex, end) });
      TOKEN.lastIndex = end + quotes.length;
    }
    line += source.slice(start, TOKEN.lastIndex).split("\n").length - 1;
    if (type === "newline") {
      began = TOKEN.lastIndex;
      if (open.length || fresh) continue;
      fresh = true;
    } else if (type === "space") {
      continue;
    } else if (fresh) {
      const spaces = source.slice(began, start).replace(/[\ufeff\f]/g, "");
      token.indent = Array.from(spaces).reduce(
        (wide, sign) => (sign === "\t" ? wide - (wide % 8) + 8 : wide + 1), 0);
      fresh = false;
    }
    if (type === "mark" && "([{".includes(token.text)) open.push([token, tokens.length]);
    if (type === "mark" && ")]}".includes(token.text)) {
      const [opener, place] = open.pop() ?? refuse(line, `${token.text} closes nothing`);
      if (CLOSING[opener.text] !== token.text) {
        refuse(line, `${token.text} stands where ${CLOSING[opener.text]} is missing`);
      }
      tokens[place].end = tokens.length;
    }
    if (type === "mark" && "$?`!".includes(token.text)) refuse(line, `${token.text} is not Python`);
    tokens.push(token);
  }
  if (open.length) {
    const [opener] = open.pop();
    refuse(opener.line, `${opener.text} is never closed`);
  }
  if (!fresh) tokens.push({ type: "newline", line });
  return tokens.map((one) => one.type === "newline" ? { ...one, text: "the end of the line" } : one);
}

function string(token) {
  if (/b/i.test(token.prefix)) return OTHER;
  if (/r/i.test(token.prefix)) return token.text;
  return token.text.replace(
    /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])/g,
    (whole, code) =>
      code.length > 1 ? String.fromCodePoint(Math.min(parseInt(code.slice(1), 16), 0x10ffff))
      : code in ESCAPES ? ESCAPES[code] : whole,
  );
}

function figure({ text, line }) {
  const digits = text.replaceAll("_", "");
  if (/^0[xob]/i.test(digits)) return Number(digits);
  if (/j$/i.test(digits)) return OTHER;
  if (/^0\d*[1-9]/.test(digits) && /^\d+$/.test(digits)) {
    refuse(line, `${text} is no number in Python; drop the 0`);
  }
  return /[.eE]/.test(digits) ? new Float(Number(digits)) : Number(digits);
}

// The tokens of a text, and the place that a reader has come to.
class Tokens {
  constructor(source) {
    if (source.length > LONGEST) throw new SyntaxError("this is too long to be settings");
    this.tokens = tokenize(source.replace(/\r\n?/g, "\n"));
    this.end = { type: "end", text: "the end", line: this.tokens.at(-1)?.line };
    this.place = 0;
  }

  next() { return this.tokens[this.place] ?? this.end; }
  take() { return this.tokens[this.place++] ?? this.end; }
  is(...texts) {
    return ["mark", "name"].includes(this.next().type) && texts.includes(this.next().text);
  }

  want(mark) {
    if (this.is(mark)) return this.take();
    return refuse(this.next().line, `${this.next().text} stands where ${mark} is missing`);
  }

  ends() { return ["newline", "end"].includes(this.next().type) || this.is(";"); }
  step() { this.place = (this.next().end ?? this.place) + 1; }  // Over a pair of brackets.
  skip(...marks) {
    while (!["newline", "end"].includes(this.next().type) && !this.is(...marks)) this.step();
  }
}
