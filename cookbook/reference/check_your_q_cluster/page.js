// Judge what is pasted at every change; nothing leaves the page.
const part = (name) => document.getElementById(name);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The id of a finding leads to the page that shows what the mistake does.
function explanation(id) {
  return element("a", { className: "id", href: LINKS[id] }, id);
}

function judge() {
  let found = [], said;
  try {
    const given = read(part("doctor-source").value);
    found = diagnose(given);
    said = found.length
      ? `${found.length} finding${found.length === 1 ? "" : "s"}`
      : given.size ? "Nothing found." : "Paste a Q_CLUSTER.";
    if (given.has("Q_CLUSTER")) fill(given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    said = `Not read: ${error.message}.`;
  }
  part("doctor-count").textContent = said;
  part("doctor-findings").replaceChildren(
    ...found.map(({ id, message, hint }) =>
      element("li", { className: id.split(".")[1][0] },
        element("p", {}, explanation(id.split(".")[1]), message),
        element("p", { className: "hint" }, hint)),
    ),
  );
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
