// The same steps as explain.py and logs.py of qdoctor, with what the page brings of them.
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

// A character may be two units of a string, and is one in Python.
function first(text, most) {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, 2 * most)).slice(0, most).join("");
}

function last(text, most) {
  let start = text.length;
  for (let n = 0; n < most && start > 0; n++) {
    start -= text.codePointAt(start - 2) > 0xffff ? 2 : 1;
  }
  return text.slice(start);
}

function cut(line) {
  const part = first(line, WIDTH);
  return part.replace(/^[ \t]+/, "").replace(/[ \t]+$/, "");
}

function tidy(log) {
  const lines = last(log, MOST).split(LINE_ENDS);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => `${line}\n`).join("");
}

function isIn(entry, line) {
  let start = 0;
  for (const piece of entry.pieces) {
    start = line.indexOf(piece, start);
    if (start < 0) return false;
    start += piece.length;
  }
  return true;
}

// Return the entries that each line holds: a Map from the place where it begins.
function entriesOfLines(text) {
  const held = new Map();
  for (const entry of ENTRIES) {
    const lengths = entry.pieces.map((piece) => piece.length);
    const longest = entry.pieces[lengths.indexOf(Math.max(...lengths))];
    let place = text.indexOf(longest);
    while (place >= 0) {
      const start = text.lastIndexOf("\n", place) + 1;
      const end = text.indexOf("\n", place);
      if (isIn(entry, text.slice(start, end))) {
        if (!held.has(start)) held.set(start, []);
        held.get(start).push(entry);
      }
      place = text.indexOf(longest, end);
    }
  }
  const places = Array.from(held.keys()).sort((a, b) => a - b);
  return new Map(places.map((start) => [start, mostExact(held.get(start))]));
}

// Leave out the entries that only begin another one.
function mostExact(held) {
  return held.filter((entry) =>
    !held.some((other) => other !== entry && other.text.startsWith(entry.text)),
  );
}

function matches(text, held) {
  const found = new Map();
  for (const [start, entries] of held) {
    for (const entry of entries) {
      if (found.has(entry.text)) found.get(entry.text).count += 1;
      else {
        const line = cut(text.slice(start, text.indexOf("\n", start)));
        found.set(entry.text, { entry, line, count: 1 });
      }
    }
  }
  return Array.from(found.values()).sort((a, b) => b.entry.harm - a.entry.harm);
}

const zeros = (text) => text.replace(/[0-9]/g, "0");

// Count the lines that look like an error and hold no entry.
function unknown(text, held) {
  const firsts = new Map(), counts = new Map();
  let start = 0, prefix = null;
  for (const line of text.split("\n")) {
    let isLast = false;
    const at = line.indexOf(TRACEBACK);
    if (at >= 0) prefix = zeros(line.slice(0, at));
    else if (prefix !== null) {
      const same = zeros(line.slice(0, prefix.length)) === prefix;
      const next = (same ? line.slice(prefix.length) : line).slice(0, 1);
      isLast = !["", " ", "\t"].includes(next);
      if (isLast) prefix = null;
    }
    if (!held.has(start) && (isLast || BAD.test(first(line, WIDTH)))) {
      const key = zeros(cut(line)).replace(/0+/g, "0");
      if (!firsts.has(key)) firsts.set(key, cut(line));
      counts.set(firsts.get(key), (counts.get(firsts.get(key)) ?? 0) + 1);
    }
    start += line.length + 1;
  }
  return counts;
}

function explain(log) {
  const text = tidy(log);
  const held = entriesOfLines(text);
  return { found: matches(text, held), strange: unknown(text, held) };
}
