// A tolerant reader of Python: statements as plain lists, as syntax.py makes them.
// An expression that nobody computes is ["unknown"]; nothing is evaluated.
const WORDS = new Map([["True", true], ["False", false], ["None", null]]);
const RESERVED = new Set(("and as assert async await break class continue def del elif else " +
  "except finally for from global if import in is lambda nonlocal not or pass raise return " +
  "try while with yield").split(" "));
const SKIPPED = new Set("assert break continue global nonlocal pass raise return yield".split(" "));
// How strongly an operator binds; what compares gives a value that is unknown.
const BINDS = { or: 1, and: 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, in: 4,
  is: 4, "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10,
  "//": 10, "%": 10, "@": 10, "**": 12 };
const NOTHING = ["unknown"], DEEP = 60, CHAIN = 100;

// Return the statements of a text; a text that is one expression is Q_CLUSTER.
// Throws SyntaxError with the line and what is wrong there.
function statements(source) {
  if (source.length > LONGEST) throw new SyntaxError("this is too long to be settings");
  const tokens = tokenize(source.replace(/\r\n?/g, "\n"));
  const end = { type: "end", text: "the end", line: tokens.at(-1)?.line };
  let place = 0;
  const next = () => tokens[place] ?? end;
  const take = () => tokens[place++] ?? end;
  const is = (...texts) => ["mark", "name"].includes(next().type) && texts.includes(next().text);
  const want = (mark) =>
    is(mark) ? take() : refuse(next().line, `${next().text} stands where ${mark} is missing`);
  const ends = () => ["newline", "end"].includes(next().type) || is(";");
  const step = () => { place = (next().end ?? place) + 1; };  // Over a pair of brackets.
  const skip = (...marks) => {
    while (!["newline", "end"].includes(next().type) && !is(...marks)) step();
  };

  // The parts between brackets, or null for a comprehension.
  function several(part, depth) {
    const close = tokens[place].end, parts = [];
    take();
    while (place < close) {
      parts.push(part(depth + 1));
      if (is("for", "async")) {
        place = close + 1;
        return null;
      }
      if (place < close) want(",");
    }
    take();
    return parts;
  }

  function argument(depth) {
    if (is("*", "**")) return take().text === "*" ? (expression(depth), [null, NOTHING]) : [null, expression(depth)];
    if (next().type === "name" && tokens[place + 1].text === "=" && tokens[place + 1].type === "mark") {
      const name = take().text;
      take();
      return [["value", name], expression(depth)];
    }
    return [null, expression(depth)];
  }

  function braces(depth) {
    let set = false;
    const pairs = several((inner) => {
      if (is("**")) return take(), [null, expression(inner)];
      if (is("*")) return take(), (set = true), [null, expression(inner)];
      const key = expression(inner);
      if (!is(":")) return (set = true), [null, key];
      if (set) want(",");
      take();
      return [key, expression(inner)];
    }, depth);
    if (set && pairs?.some(([key]) => key)) refuse(next().line, ": is missing in a dictionary");
    return pairs === null ? NOTHING : set ? ["value", OTHER] : ["dict", pairs];
  }

  function atom(depth) {
    const token = next();
    if (token.type === "number") return ["value", figure(take())];
    if (token.type === "string") {
      let parts = [];
      while (next().type === "string") parts.push(take());
      if (!parts.some(({ prefix }) => /[ft]/i.test(prefix))) {
        parts = parts.map(string);
        return ["value", parts.includes(OTHER) ? OTHER : parts.join("")];
      }
      while (!ends() && !is(",", ":", "}", "]", ")")) step();  // It may hold quotes.
      return NOTHING;
    }
    if (token.type === "name" && WORDS.has(token.text)) return ["value", WORDS.get(take().text)];
    if (token.type === "name" && !RESERVED.has(token.text)) return ["name", take().text];
    if (is("...")) return take(), ["value", OTHER];
    if (is("{")) return braces(depth);
    if (!is("(", "[")) refuse(token.line, `${token.text} begins no value`);
    const single = is("(") && !tokens.slice(place, token.end).some((one) => one.text === ",");
    let star = false;
    const parts = several((inner) => (is("*") ? (take(), (star = true)) : 0, expression(inner)), depth);
    if (!parts || star) return NOTHING;
    return single && parts.length === 1 && tokens[place - 2].text !== "," ? parts[0] : ["list", parts];
  }

  // A name, and what follows it: fields, calls and keys.
  function primary(depth) {
    let made = atom(depth);
    for (let length = 0; is(".", "(", "["); length += 1) {
      if (length > CHAIN) refuse(next().line, "this is nested too deeply");
      if (is(".")) {
        take();
        if (take().type !== "name") refuse(next().line, "a name is missing after the dot");
        made = ["field", made, tokens[place - 1].text];
      } else if (is("(")) {
        const pairs = several(argument, depth) ?? [[null, NOTHING]];
        made = made[0] === "name" && made[1] === "dict" ? ["dict", pairs] : ["call", made, pairs];
      } else {
        const close = next().end, from = place + 1;
        take();
        const key = is(":") ? NOTHING : listed(depth + 1);
        const slice = place !== close;
        if (slice && !is(":")) want("]");
        if (from === close) refuse(next().line, "a key is missing");
        place = close + 1;
        made = slice ? NOTHING : ["item", made, key];
      }
    }
    return made;
  }

  function unary(depth) {
    if (depth > DEEP) refuse(next().line, "this is nested too deeply");
    if (is("not")) return take(), ["not", binary(depth + 1, 4)];
    if (is("-", "+")) {
      const factor = take().text === "-" ? -1 : 1;
      return ["sum", "*", ["value", factor], binary(depth + 1, 11)];
    }
    if (is("~", "await")) return take(), unary(depth + 1), NOTHING;
    return primary(depth);
  }

  function binary(depth, least) {
    let made = unary(depth);
    for (let length = 0; ; length += 1) {
      const negated = is("not") && tokens[place + 1].text === "in";
      const sign = negated ? "in" : next().text, strength = BINDS[sign];
      if (!negated && !is(sign) || !(strength >= least)) return made;
      if (length > CHAIN) refuse(next().line, "this is nested too deeply");
      take();
      if (negated || (sign === "is" && is("not"))) take();
      const other = binary(depth + 1, sign === "**" ? 11 : strength + 1);
      if (strength < 4) made = [sign, made, other];
      else made = strength === 4 ? NOTHING : ["sum", sign, made, other];
    }
  }

  function expression(depth) {
    if (depth > DEEP) refuse(next().line, "this is nested too deeply");
    if (is("lambda")) {
      skip(":");
      want(":");
      expression(depth + 1);
      return NOTHING;
    }
    if (is("yield")) return skip(")", ";"), NOTHING;
    const made = binary(depth, 1);
    if (is(":=")) return take(), expression(depth + 1), NOTHING;
    if (!is("if") || depth < 0) return made;
    take();
    const test = binary(depth + 1, 1);
    if (!is("else")) return NOTHING;  // The `if` of a comprehension.
    take();
    return ["choose", test, made, expression(depth + 1)];
  }

  // Expressions with commas between them are a tuple.
  function listed(depth) {
    const parts = [];
    let commas = 0, star = false;
    do {
      if (ends() || is("=", "]", ":")) break;
      if (is("*")) take(), (star = true);
      parts.push(expression(depth));
    } while (is(",") && take() && (commas += 1));
    if (star) return NOTHING;
    return commas ? ["list", parts] : parts[0] ?? refuse(next().line, `${next().text} begins no value`);
  }

  function path(node) {
    if (node[0] === "name") return [node[1]];
    if (node[0] !== "item") return null;
    const owner = path(node[1]);
    return owner && [...owner, node[2]];
  }

  function forget(target) {
    if (path(target)) return [["set", path(target), NOTHING]];
    return target[0] === "list" ? target[1].flatMap(forget) : [];
  }

  const assign = (target, made) =>
    path(target) ? [["set", path(target), made]] : forget(target);

  // What a method does to the name that it is called on.
  function call([, callee, pairs]) {
    if (callee[0] !== "field") return [];
    const [, owner, method] = callee, target = path(owner);
    if (target && method === "update") return [["update", target, ["dict", pairs]]];
    if (target && ["pop", "setdefault"].includes(method) && pairs.length) {
      const key = [...target, pairs[0][1]];
      return [method === "pop" ? ["delete", key] : ["set", key, NOTHING]];
    }
    let root = owner;
    while (["field", "item", "call"].includes(root[0])) root = root[1];
    return root[0] === "name" ? [["forget", root[1]]] : [];
  }

  function imports() {
    const bound = [];
    if (is("from")) skip("import");
    take();
    while (!ends()) {
      const token = take();
      if (is("as") || token.type !== "name") continue;
      bound.push(token.text);
      while (is(".")) take(), take();
      if (is("as")) take(), (bound[bound.length - 1] = take().text);
    }
    return bound.map((name) => ["forget", name]);
  }

  function simple() {
    const only = place === 0;
    if (is("import", "from")) return imports();
    if (is("del")) {
      take();
      const made = listed(0);
      return (made[0] === "list" ? made[1] : [made]).filter(path).map((one) => ["delete", path(one)]);
    }
    if (next().type === "name" && SKIPPED.has(next().text)) return skip(";"), [];
    let made = listed(0);
    if (is(":")) {
      skip("=", ";");
      if (!is("=")) return [];
    }
    const targets = [];
    while (is("=")) {
      take();
      targets.push(made);
      made = listed(0);
    }
    if (next().type === "mark" && /^[^=!<>:]+=$|^(<<|>>)=$/.test(next().text)) {
      const sign = take().text.slice(0, -1), other = listed(0);
      if (sign === "|" && path(made)) return [["update", path(made), other]];
      return assign(made, ["sum", sign, made, other]);
    }
    if (targets.length) return targets.flatMap((target) => assign(target, made));
    if (made[0] === "call") return call(made);
    return only && place + 1 >= tokens.length ? [["set", ["Q_CLUSTER"], made]] : [];
  }

  function line() {
    const parts = [];
    do {
      if (["newline", "end"].includes(next().type)) break;
      parts.push(simple());
      if (!ends()) refuse(next().line, `${next().text} stands where the line should end`);
    } while (is(";") && take());
    if (next().type === "newline") take();
    return parts.flat();
  }

  // The body after a colon: on the same line, or indented.
  function body(indent, depth) {
    want(":");
    if (next().type !== "newline") return line();
    take();
    if (!(next().indent > indent)) refuse(next().line, "an indented line is missing");
    return block(next().indent, depth + 1);
  }

  function branch(indent, depth) {
    const choices = [];
    do {
      const other = take().text === "else";
      const test = other ? ["value", true] : expression(0);
      choices.push([test, body(indent, depth)]);
      if (other) break;
    } while (is("elif", "else") && next().indent === indent);
    return [["branch", choices]];
  }

  function compound(indent, depth) {
    if (is("if")) return branch(indent, depth);
    if (is("async")) take();
    const word = take().text, names = [];
    if (word === "for") {
      const from = place;
      skip("in");
      for (const token of tokens.slice(from, place)) {
        if (token.type === "name") names.push(["forget", token.text]);
      }
    }
    if (word === "def" || word === "class") names.push(["forget", next().text]);
    if (word === "with") {
      tokens.slice(place).every((token, at, rest) => {
        if (token.text === "as" && rest[at + 1].type === "name") names.push(["forget", rest[at + 1].text]);
        return token.type !== "newline";
      });
    }
    skip(":");
    const inside = body(indent, depth);
    if (word === "def") return names;
    if (word === "finally") return inside;
    return [...names, [["for", "while"].includes(word) ? "loop" : "maybe", inside]];
  }

  const COMPOUND = ["if", "for", "while", "try", "except", "else", "finally", "with", "class", "def", "async"];
  function block(indent, depth) {
    const parts = [];
    if (depth > DEEP) refuse(next().line, "this is nested too deeply");
    while (next().type !== "end" && next().indent >= indent) {
      if (next().indent > indent) refuse(next().line, "this line is indented too far");
      if (is("@")) skip(), take();
      else if (is(...COMPOUND)) parts.push(compound(indent, depth));
      else if (is("match") && soft()) parts.push(matching(indent, depth));
      else parts.push(line());
    }
    return parts.flat();
  }

  // Whether a word begins a block: its line ends with a colon.
  function soft() {
    let last = place;
    while (tokens[last].type !== "newline") last = (tokens[last].end ?? last) + 1;
    return tokens[last - 1].text === ":" && tokens[place + 1].text !== "=";
  }

  function matching(indent, depth) {
    const made = [];
    skip(":");
    want(":");
    take();
    const inner = next().indent;
    while (is("case") && next().indent === inner && inner > indent) {
      skip(":");
      made.push(["maybe", body(inner, depth + 1)]);
    }
    return made;
  }

  const made = block(next().indent, 0);
  if (next().type !== "end") refuse(next().line, "this line is indented too little");
  return made;
}

// Return a Map from each name that a rule reads to its value.
function read(source) {
  return settle(statements(source), NAMES);
}
