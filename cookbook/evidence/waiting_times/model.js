// forecast.py once more, line by line; agreement.py compares the two.
"use strict";

const MOST = 10000;

// Return what is wrong with a load, or "".
function complaint(load) {
  for (const [name, [least, most, words]] of Object.entries(FIELDS)) {
    const value = load[name];
    const whole = !["workers", "clusters"].includes(name) || Number.isInteger(value);
    if (!(least <= value && value <= most && whole)) return `${name}: give ${words}`;
  }
  return load.workers * load.clusters > MOST
    ? "workers: give at most 10,000 in all clusters" : "";
}

function atOnce(load) {
  const servers = load.workers * load.clusters, cores = load.cores * load.clusters;
  return load.part ? Math.min(servers, cores / load.part) : servers;
}

function forecast(load) {
  const servers = load.workers * load.clusters, useful = atOnce(load);
  const capacity = useful / load.seconds;
  let full = 1, inside = 0;
  for (let k = 1; k <= servers; k += 1) {
    const ratio = load.arrivals * load.seconds / Math.min(k, useful);
    full = ratio * full / (1 + ratio * full);
    inside += full * (k - inside);
  }
  const share = load.arrivals / capacity;
  let wait = Infinity, wait95 = Infinity, busy = 1, run = servers / capacity;
  if (share < 1) {
    const queues = full / (1 - share + share * full);
    wait = queues / (capacity - load.arrivals) * (1 + load.spread * load.spread) / 2;
    wait95 = queues > 0.05 ? wait / queues * Math.log(queues / 0.05) : 0;
    const tail = full / (1 - share);
    const running = (inside - servers * full + servers * tail) / (1 - full + tail);
    busy = running / servers;
    run = running / load.arrivals;
  }
  return {
    capacity, busy, wait, wait_95: wait95, waiting: load.arrivals * wait, run,
    megabytes: load.megabytes * (load.workers + 4) * load.clusters,
    connections: (load.workers + 3) * load.clusters,
  };
}

function enough(load, wait) {
  const limit = Math.floor(MOST / load.clusters);
  const within = (workers) => forecast({ ...load, workers }).wait_95 <= wait;
  let most = load.part ? Math.ceil(Math.min(limit, load.cores / load.part)) : limit;
  let least = 1;
  while (least <= most) {
    const workers = Math.floor((least + most) / 2);
    if (within(workers)) most = workers - 1;
    else least = workers + 1;
  }
  return within(Math.min(least, limit)) ? least : null;
}

function until(load, tasks) {
  const difference = Math.abs(forecast(load).capacity - load.arrivals);
  return difference ? tasks / difference : Infinity;
}

function verdict(load) {
  const prediction = forecast(load);
  if (prediction.wait < Infinity) {
    const soon = prediction.wait_95;
    return `95 of 100 tasks begin ${soon ? `within ${span(soon)}` : "at once"}; `
      + `the workers are busy for ${number(100 * prediction.busy)} % of the time.`;
  }
  const growth = load.arrivals - prediction.capacity;
  const begin = growth >= 0.05
    ? `The queue grows by ${number(growth)} tasks a second, to 1,000 tasks in `
      + span(until(load, 1000))
    : "The queue grows, slowly and without end";
  const needed = load.arrivals * load.seconds / load.clusters;
  if (needed * load.part >= load.cores) {
    const cores = number(Math.floor(needed * load.part) + 1);
    return `${begin}: the cores are busy. Each cluster needs ${cores} or more.`;
  }
  const workers = number(Math.floor(needed) + 1);
  return `${begin}: each cluster needs ${workers} workers or more.`;
}

function number(value) {
  const tenths = Math.floor(value * 10 + 0.5);
  if (tenths < 100 && tenths % 10) return `${Math.floor(tenths / 10)}.${tenths % 10}`;
  return String(Math.floor(value + 0.5)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function span(seconds) {
  const units = [["days", 86400, 172800], ["h", 3600, 7200], ["min", 60, 120], ["s", 1, 1]];
  for (const [unit, size, least] of units) {
    if (seconds >= least) return `${number(seconds / size)} ${unit}`;
  }
  return `${Math.floor(seconds * 1000 + 0.5)} ms`;
}
