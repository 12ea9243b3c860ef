// A tolerant reader of Python: statements as plain lists, as syntax.py makes them.
const SKIPPED = new Set("assert break continue global nonlocal pass raise return yield".split(" "));
const COMPOUND = ["if", "for", "while", "try", "except", "else", "finally", "with", "class", "def",
  "async"];

class Statements extends Expressions {
  // All of a text. Throws SyntaxError with the line and what is wrong there.
  whole() {
    const made = this.block(this.next().indent, 0);
    if (this.next().type !== "end") refuse(this.next().line, "this line is indented too little");
    return made;
  }

  path(node) {
    if (node[0] === "name") return [node[1]];
    if (node[0] !== "item") return null;
    const owner = this.path(node[1]);
    return owner && [...owner, node[2]];
  }

  forget(target) {
    if (this.path(target)) return [["set", this.path(target), NOTHING]];
    return target[0] === "list" ? target[1].flatMap((one) => this.forget(one)) : [];
  }

  assign(target, made) {
    return this.path(target) ? [["set", this.path(target), made]] : this.forget(target);
  }

  // What a method does to the name that it is called on.
  call([, callee, pairs]) {
    if (callee[0] !== "field") return [];
    const [, owner, method] = callee, target = this.path(owner);
    if (target && method === "update") return [["update", target, ["dict", pairs]]];
    if (target && ["pop", "setdefault"].includes(method) && pairs.length) {
      const key = [...target, pairs[0][1]];
      return [method === "pop" ? ["delete", key] : ["set", key, NOTHING]];
    }
    let root = owner;
    while (["field", "item", "call"].includes(root[0])) root = root[1];
    return root[0] === "name" ? [["forget", root[1]]] : [];
  }

  imports() {
    const bound = [];
    if (this.is("from")) this.skip("import");
    this.take();
    while (!this.ends()) {
      const token = this.take();
      if (this.is("as") || token.type !== "name") continue;
      bound.push(token.text);
      while (this.is(".")) this.take(), this.take();
      if (this.is("as")) this.take(), (bound[bound.length - 1] = this.take().text);
    }
    return bound.map((name) => ["forget", name]);
  }

  simple() {
    const only = this.place === 0;
    if (this.is("import", "from")) return this.imports();
    if (this.is("del")) {
      this.take();
      const made = this.listed(0);
      return (made[0] === "list" ? made[1] : [made]).flatMap((one) => this.path(one) ? [["delete", this.path(one)]] : []);
    }
    if (this.next().type === "name" && SKIPPED.has(this.next().text)) return this.skip(";"), [];
    let made = this.listed(0);
    if (this.is(":")) {
      this.skip("=", ";");
      if (!this.is("=")) return [];
    }
    const targets = [];
    while (this.is("=")) {
      this.take();
      targets.push(made);
      made = this.listed(0);
    }
    if (this.next().type === "mark" && /^[^=!<>:]+=$|^(<<|>>)=$/.test(this.next().text)) {
      const sign = this.take().text.slice(0, -1), other = this.listed(0);
      if (sign === "|" && this.path(made)) return [["update", this.path(made), other]];
      return this.assign(made, ["sum", sign, made, other]);
    }
    if (targets.length) return targets.flatMap((target) => this.assign(target, made));
    if (made[0] === "call") return this.call(made);
    return only && this.place + 1 >= this.tokens.length ? [["set", ["Q_CLUSTER"], made]] : [];
  }

  line() {
    const parts = [];
    do {
      if (["newline", "end"].includes(this.next().type)) break;
      parts.push(this.simple());
      if (!this.ends()) refuse(this.next().line, `${this.next().text} stands where the line should end`);
    } while (this.is(";") && this.take());
    if (this.next().type === "newline") this.take();
    return parts.flat();
  }

  // The body after a colon: on the same line, or indented.
  body(indent, depth) {
    this.want(":");
    if (this.next().type !== "newline") return this.line();
    this.take();
    if (!(this.next().indent > indent)) refuse(this.next().line, "an indented line is missing");
    return this.block(this.next().indent, depth + 1);
  }

  branch(indent, depth) {
    const choices = [];
    do {
      const other = this.take().text === "else";
      const test = other ? ["value", true] : this.expression(0);
      choices.push([test, this.body(indent, depth)]);
      if (other) break;
    } while (this.is("elif", "else") && this.next().indent === indent);
    return [["branch", choices]];
  }

  compound(indent, depth) {
    if (this.is("if")) return this.branch(indent, depth);
    if (this.is("async")) this.take();
    const word = this.take().text, names = [];
    if (word === "for") {
      const from = this.place;
      this.skip("in");
      for (const token of this.tokens.slice(from, this.place)) {
        if (token.type === "name") names.push(["forget", token.text]);
      }
    }
    if (word === "def" || word === "class") names.push(["forget", this.next().text]);
    if (word === "with") {
      this.tokens.slice(this.place).every((token, at, rest) => {
        if (token.text === "as" && rest[at + 1].type === "name") names.push(["forget", rest[at + 1].text]);
        return token.type !== "newline";
      });
    }
    this.skip(":");
    const inside = this.body(indent, depth);
    if (word === "def") return names;
    if (word === "finally") return inside;
    return [...names, [["for", "while"].includes(word) ? "loop" : "maybe", inside]];
  }

  block(indent, depth) {
    const parts = [];
    if (depth > DEEP) refuse(this.next().line, "this is nested too deeply");
    while (this.next().type !== "end" && this.next().indent >= indent) {
      if (this.next().indent > indent) refuse(this.next().line, "this line is indented too far");
      if (this.is("@")) this.skip(), this.take();
      else if (this.is(...COMPOUND)) parts.push(this.compound(indent, depth));
      else if (this.is("match") && this.soft()) parts.push(this.matching(indent, depth));
      else parts.push(this.line());
    }
    return parts.flat();
  }

  // Whether a word begins a block: its line ends with a colon.
  soft() {
    let last = this.place;
    while (this.tokens[last].type !== "newline") last = (this.tokens[last].end ?? last) + 1;
    return this.tokens[last - 1].text === ":" && this.tokens[this.place + 1].text !== "=";
  }

  matching(indent, depth) {
    const made = [];
    this.skip(":");
    this.want(":");
    this.take();
    const inner = this.next().indent;
    while (this.is("case") && this.next().indent === inner && inner > indent) {
      this.skip(":");
      made.push(["maybe", this.body(inner, depth + 1)]);
    }
    return made;
  }
}

// Return the statements of a text; a text that is one expression is Q_CLUSTER.
const statements = (source) => new Statements(source).whole();

// Return a Map from each name that a rule reads to its value.
function read(source) {
  return settle(statements(source), NAMES);
}
