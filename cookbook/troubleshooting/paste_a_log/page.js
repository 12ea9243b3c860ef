// Explain what is pasted; nothing leaves the page.
const part = (name) => document.getElementById(`paste-${name}`);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const code = (text) => element("code", { className: "literal", dir: "ltr" }, text);

// Every second piece of a text is code.
function prose(...pieces) {
  return pieces.map((piece, n) => (n % 2 ? code(piece) : piece));
}

function number(n, what) {
  return `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
}

function entryItem({ entry, line, count }) {
  return element("li", { className: `harm-${entry.harm}` },
    element("p", { className: "paste-head" },
      element("a", { href: entry.link }, code(entry.text.split("\n")[0]))),
    element("p", { className: "paste-facts" }, `${HARM[entry.harm]} · ${number(count, "line")}`),
    element("p", {}, ...prose(...entry.means)),
    element("p", {}, element("strong", {}, "Fix:"), " ", ...prose(...entry.fix)),
    element("p", { className: "paste-line" }, code(line)));
}

function unknownItem([line, count]) {
  const search = `../search.html?${new URLSearchParams({ q: line })}`;
  const times = count === 1 ? [] : [` (${number(count, "line")})`];
  return element("li", { className: "paste-line" },
    element("a", { href: search }, code(line)), ...times);
}

function unknownList(strange) {
  const lines = Array.from(strange), more = lines.length - SHOWN;
  if (!lines.length) return [];
  return [
    element("p", {}, "Not known here. Click a line to search this site for it. " +
      "Elsewhere, search for it without its names and numbers:"),
    element("ul", {}, ...lines.slice(0, SHOWN).map(unknownItem)),
    ...(more > 0 ? [element("p", {}, `and ${number(more, "more line")}`)] : []),
  ];
}

function show(isLong = false) {
  const area = part("log");
  if (area.value.length > MOST) {
    isLong = true;
    area.value = last(area.value, MOST);
  }
  const { found, strange } = explain(area.value);
  const worth = found.filter(({ entry }) => entry.harm);
  const routine = found
    .filter(({ entry }) => !entry.harm)
    .reduce((sum, { count }) => sum + count, 0);
  const said = [
    isLong ? SHORTENED : "",
    worth.length ? `${number(worth.length, "message")} to read, the worst first.`
      : found.length || strange.size ? "No message in it needs an action."
      : area.value.trim() ? NOTHING : "Paste a log.",
  ];
  part("label").textContent = isExample() ? EXAMPLE : "Your log";
  part("count").textContent = said.join(" ").trim();
  part("entries").replaceChildren(...worth.map(entryItem));
  part("routine").textContent = routine ? `${number(routine, "routine line")}.` : "";
  part("unknown").replaceChildren(...unknownList(strange));
}

const EXAMPLE = "Example; paste your own over it";
const isExample = () => part("log").value === part("log").defaultValue;

let timer;
function showSoon() {
  clearTimeout(timer);
  timer = setTimeout(show, part("log").value.length > 100_000 ? 400 : 50);
}

// A text area takes long to lay out what is cut afterwards.
part("log").addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (text.length <= MOST) return;
  event.preventDefault();
  part("log").value = last(text, MOST);
  show(true);
});
part("log").addEventListener("focus", () => isExample() && part("log").select());
part("form").addEventListener("submit", (event) => event.preventDefault());
part("log").addEventListener("input", showSoon);
show();
