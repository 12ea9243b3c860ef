// Compute at every change; nothing leaves the page.
const part = (name) => document.getElementById(`crew-${name}`);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// An empty field is no number, and is refused as one.
const typed = (name) => (part(name).value === "" ? NaN : Number(part(name).value));

function read() {
  const load = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, typed(name)]));
  load.arrivals /= Number(part("unit").value);
  return load;
}

function shares(value) {
  return `${number(100 * value)} %`;
}

function time(seconds) {
  return seconds === Infinity ? "no end" : span(seconds);
}

function results(load) {
  const said = forecast(load), wait = typed("wait"), tasks = typed("tasks");
  const workers = enough(load, wait);
  const grows = said.wait === Infinity;
  return {
    "workers that are enough":
      wait >= 0 ? workers === null ? "no number is" : number(workers) : "–",
    "mean wait": time(said.wait),
    "95 of 100 wait at most": time(said.wait_95),
    "tasks in the queue": grows ? "no end" : number(said.waiting),
    "workers busy": shares(said.busy),
    "a task runs": time(said.run),
    "tasks a second, at most": number(said.capacity),
    [grows ? "the backlog is there in" : "the backlog is done in"]:
      tasks >= 0 ? time(until(load, tasks)) : "–",
    "memory, at most": `${number(said.megabytes)} MB`,
    "database connections": number(said.connections),
  };
}

function row(load, workers) {
  const said = forecast({ ...load, workers });
  const cells = [number(workers), shares(said.busy), time(said.wait), time(said.wait_95)];
  const made = element("tr", {}, ...cells.map((text) => element("td", {}, text)));
  if (workers === load.workers) made.setAttribute("aria-current", "true");
  return made;
}

function around(workers, most) {
  const step = Math.max(1, Math.round(workers / 12));
  return [-3, -2, -1, 0, 1, 2, 3].map((n) => workers + n * step)
    .filter((n) => n >= 1 && n <= most);
}

// Say which field is wrong by its label.
function refusal(wrong) {
  for (const name of Object.keys(FIELDS)) {
    part(name).setAttribute("aria-invalid", wrong.startsWith(`${name}:`));
  }
  const [name] = wrong.split(":");
  const label = wrong && part(name).labels[0].firstChild.textContent.trim();
  return wrong.replace(name, label);
}

function calculate() {
  const load = read(), wrong = complaint(load);
  const text = refusal(wrong);
  part("verdict").textContent = wrong ? `${text}.` : verdict(load);
  const made = wrong ? {} : results(load);
  part("results").replaceChildren(...Object.entries(made).map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  const counts = wrong ? [] : around(load.workers, Math.floor(MOST / load.clusters));
  part("rows").tBodies[0].replaceChildren(...counts.map((count) => row(load, count)));
}

document.getElementById("crew").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("crew").addEventListener("input", calculate);
calculate();
