// The expressions of a Python text, as plain lists.
// One that nobody computes is ["unknown"]; nothing is evaluated.
const WORDS = new Map([["True", true], ["False", false], ["None", null]]);
const RESERVED = new Set(("and as assert async await break class continue def del elif else " +
  "except finally for from global if import in is lambda nonlocal not or pass raise return " +
  "try while with yield").split(" "));
// How strongly an operator binds; what compares gives a value that is unknown.
const BINDS = { or: 1, and: 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, in: 4,
  is: 4, "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10,
  "//": 10, "%": 10, "@": 10, "**": 12 };
const NOTHING = ["unknown"], DEEP = 60, CHAIN = 100;

class Expressions extends Tokens {
  // The parts between brackets, or null for a comprehension.
  several(part, depth) {
    const close = this.tokens[this.place].end, parts = [];
    this.take();
    while (this.place < close) {
      parts.push(part(depth + 1));
      if (this.is("for", "async")) {
        this.place = close + 1;
        return null;
      }
      if (this.place < close) this.want(",");
    }
    this.take();
    return parts;
  }

  argument(depth) {
    if (this.is("*", "**")) return this.take().text === "*" ? (this.expression(depth), [null, NOTHING]) : [null, this.expression(depth)];
    if (this.next().type === "name" && this.tokens[this.place + 1].text === "=" && this.tokens[this.place + 1].type === "mark") {
      const name = this.take().text;
      this.take();
      return [["value", name], this.expression(depth)];
    }
    return [null, this.expression(depth)];
  }

  braces(depth) {
    let set = false;
    const pairs = this.several((inner) => {
      if (this.is("**")) return this.take(), [null, this.expression(inner)];
      if (this.is("*")) return this.take(), (set = true), [null, this.expression(inner)];
      const key = this.expression(inner);
      if (!this.is(":")) return (set = true), [null, key];
      if (set) this.want(",");
      this.take();
      return [key, this.expression(inner)];
    }, depth);
    if (set && pairs?.some(([key]) => key)) refuse(this.next().line, ": is missing in a dictionary");
    return pairs === null ? NOTHING : set ? ["value", OTHER] : ["dict", pairs];
  }

  atom(depth) {
    const token = this.next();
    if (token.type === "number") return ["value", figure(this.take())];
    if (token.type === "string") {
      let parts = [];
      while (this.next().type === "string") parts.push(this.take());
      if (!parts.some(({ prefix }) => /[ft]/i.test(prefix))) {
        parts = parts.map(string);
        return ["value", parts.includes(OTHER) ? OTHER : parts.join("")];
      }
      while (!this.ends() && !this.is(",", ":", "}", "]", ")")) this.step();  // It may hold quotes.
      return NOTHING;
    }
    if (token.type === "name" && WORDS.has(token.text)) return ["value", WORDS.get(this.take().text)];
    if (token.type === "name" && !RESERVED.has(token.text)) return ["name", this.take().text];
    if (this.is("...")) return this.take(), ["value", OTHER];
    if (this.is("{")) return this.braces(depth);
    if (!this.is("(", "[")) refuse(token.line, `${token.text} begins no value`);
    const single = this.is("(") && !this.tokens.slice(this.place, token.end).some((one) => one.text === ",");
    let star = false;
    const parts = this.several((inner) => (this.is("*") ? (this.take(), (star = true)) : 0, this.expression(inner)), depth);
    if (!parts || star) return NOTHING;
    return single && parts.length === 1 && this.tokens[this.place - 2].text !== "," ? parts[0] : ["list", parts];
  }

  // A name, and what follows it: fields, calls and keys.
  primary(depth) {
    let made = this.atom(depth);
    for (let length = 0; this.is(".", "(", "["); length += 1) {
      if (length > CHAIN) refuse(this.next().line, "this is nested too deeply");
      if (this.is(".")) {
        this.take();
        if (this.take().type !== "name") refuse(this.next().line, "a name is missing after the dot");
        made = ["field", made, this.tokens[this.place - 1].text];
      } else if (this.is("(")) {
        const pairs = this.several((inner) => this.argument(inner), depth) ?? [[null, NOTHING]];
        made = made[0] === "name" && made[1] === "dict" ? ["dict", pairs] : ["call", made, pairs];
      } else {
        const close = this.next().end, from = this.place + 1;
        this.take();
        const key = this.is(":") ? NOTHING : this.listed(depth + 1);
        const slice = this.place !== close;
        if (slice && !this.is(":")) this.want("]");
        if (from === close) refuse(this.next().line, "a key is missing");
        this.place = close + 1;
        made = slice ? NOTHING : ["item", made, key];
      }
    }
    return made;
  }

  unary(depth) {
    if (depth > DEEP) refuse(this.next().line, "this is nested too deeply");
    if (this.is("not")) return this.take(), ["not", this.binary(depth + 1, 4)];
    if (this.is("-", "+")) {
      const factor = this.take().text === "-" ? -1 : 1;
      return ["sum", "*", ["value", factor], this.binary(depth + 1, 11)];
    }
    if (this.is("~", "await")) return this.take(), this.unary(depth + 1), NOTHING;
    return this.primary(depth);
  }

  binary(depth, least) {
    let made = this.unary(depth);
    for (let length = 0; ; length += 1) {
      const negated = this.is("not") && this.tokens[this.place + 1].text === "in";
      const sign = negated ? "in" : this.next().text, strength = BINDS[sign];
      if (!negated && !this.is(sign) || !(strength >= least)) return made;
      if (length > CHAIN) refuse(this.next().line, "this is nested too deeply");
      this.take();
      if (negated || (sign === "is" && this.is("not"))) this.take();
      const other = this.binary(depth + 1, sign === "**" ? 11 : strength + 1);
      if (strength < 4) made = [sign, made, other];
      else made = strength === 4 ? NOTHING : ["sum", sign, made, other];
    }
  }

  expression(depth) {
    if (depth > DEEP) refuse(this.next().line, "this is nested too deeply");
    if (this.is("lambda")) {
      this.skip(":");
      this.want(":");
      this.expression(depth + 1);
      return NOTHING;
    }
    if (this.is("yield")) return this.skip(")", ";"), NOTHING;
    const made = this.binary(depth, 1);
    if (this.is(":=")) return this.take(), this.expression(depth + 1), NOTHING;
    if (!this.is("if") || depth < 0) return made;
    this.take();
    const test = this.binary(depth + 1, 1);
    if (!this.is("else")) return NOTHING;  // The `if` of a comprehension.
    this.take();
    return ["choose", test, made, this.expression(depth + 1)];
  }

  // Expressions with commas between them are a tuple.
  listed(depth) {
    const parts = [];
    let commas = 0, star = false;
    do {
      if (this.ends() || this.is("=", "]", ":")) break;
      if (this.is("*")) this.take(), (star = true);
      parts.push(this.expression(depth));
    } while (this.is(",") && this.take() && (commas += 1));
    if (star) return NOTHING;
    return commas ? ["list", parts] : parts[0] ?? refuse(this.next().line, `${this.next().text} begins no value`);
  }
}
