// Judge what is pasted at every change; nothing leaves the page.
const part = (name) => document.getElementById(name);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The id of a finding leads to the symptom of its mistake.
function explanation(id) {
  return element("a", { className: "id", href: LINKS[id] }, id);
}

function judge() {
  let found = [], more = [], named = "", said, unknown = [];
  try {
    const given = read(part("doctor-source").value);
    found = certain(given);
    named = assumed(given);
    more = likely(given);
    unknown = [...unknowns(given)];
    said = found.length
      ? `${found.length} finding${found.length === 1 ? "" : "s"}`
      : !given.has("Q_CLUSTER") ? "Paste a Q_CLUSTER."
      : unknown.length || named ? "Nothing found in what could be judged." : "Nothing found.";
    if (kind(given.get("Q_CLUSTER")) === "dict") fill(world(spread(given), 0));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    said = `Not read: ${error.message}.`;
  }
  part("doctor-count").textContent = said;
  part("doctor-unknown").replaceChildren(...left(unknown));
  part("doctor-findings").replaceChildren(...found.map(finding));
  part("doctor-assumed").replaceChildren(...assumption(named, more));
  part("doctor-likely").replaceChildren(...more.map(finding));
}

function finding(one) {
  const [, id] = one.get("id").split(".");
  const hint = one.get("hint") && element("p", { className: "hint" }, one.get("hint"));
  return element("li", { className: id[0] },
    element("p", {}, explanation(id), one.get("message")), ...[hint].filter(Boolean));
}

// Say which values the text does not hold; rules that need them find nothing.
function left(unknown) {
  if (!unknown.length) return [];
  const shown = unknown.slice(0, 12).map((path) =>
    element("code", {}, path === REST ? "** (other keys)" : path));
  const more = unknown.length > 12 ? [`and ${unknown.length - 12} more`] : [];
  const parts = [...shown, ...more].flatMap((one, place) => (place ? [", ", one] : [one]));
  return ["Not computed: ", ...parts, ". A finding that depends on one of these is not shown."];
}

// No text says what a broker class does; the other keys name the broker it may extend.
function assumption(named, more) {
  if (!named) return [];
  const end = more.length ? `If it extends the ${named} broker, this holds too:`
    : `If it extends the ${named} broker, nothing else is found.`;
  return ["Not judged: ", element("code", {}, "broker_class"),
    `, because this page cannot read the class. ${end}`];
}

const FIELDS = ["workers", "timeout", "queue_limit", "bulk", "poll"];

// Take over the numbers of a pasted configuration.
function fill(given) {
  const values = sound(given);
  for (const name of FIELDS) part(`plan-${name}`).value = values.get(name) ?? "";
  const named = broker(given);
  if (["orm", "redis", "sqs"].includes(named)) part("plan-broker").value = named;
  calculate();
}

// An empty field stands for None.
function typed(text) {
  return text === "" ? null : Math.trunc(Number(text));
}

function calculate() {
  const values = new Map(FIELDS.map((name) => [name, typed(part(`plan-${name}`).value)]));
  values.set("workers", Math.max(1, values.get("workers")));
  values.set("poll", Math.max(0, values.get("poll")));
  part("plan-results").replaceChildren(
    ...Array.from(plan(values, part("plan-broker").value), ([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}

part("doctor").addEventListener("submit", (event) => event.preventDefault());
part("calculator").addEventListener("submit", (event) => event.preventDefault());
part("doctor-source").addEventListener("input", judge);
part("calculator").addEventListener("input", calculate);
judge();
