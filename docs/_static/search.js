"use strict";

// Ranks Sphinx's own index, which searchindex.js hands to Search.setIndex. Not every
// word has to be found, rare words count more, and one page counts once.

const stemmer = new Stemmer();

// What differs from one log line to the next: time, level, process, number, id, name.
const NOISE = [
  /\d{4}-\d\d-\d\d|\d{1,2}:\d\d(:\d\d)?([.,]\d+)?/g,
  /\[Q\]\s*(DEBUG|INFO|WARNING|ERROR|CRITICAL)?/g,
  /\bProcess-[\w:-]+/g,
  /\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b/gi,
  /\b[a-z]+-[a-z]+-[a-z]+-[a-z]+\b/g,
  /'[\w.]+'/g,
  /\b\d+\b/g,
];

function words(text) {
  return text
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}_]+/u)
    .filter((word) => word && !stopwords.has(word))
    .map((word) => stemmer.stemWord(word));
}

function wordsOfQuery(query) {
  const quiet = NOISE.reduce((text, noise) => text.replace(noise, " "), query);
  return words(quiet).length ? words(quiet) : words(query);
}

/** Say where the words of `part` stand in a row in `whole`, or -1. */
function position(whole, part) {
  for (let at = 0; part.length && at + part.length <= whole.length; at++) {
    if (part.every((word, n) => whole[at + n] === word)) return at;
  }
  return -1;
}

/** Return `[Map(word => weight)]`: each word of the query with what also stands for it. */
function slots(query) {
  const result = query.map((word) => new Map([[word, 1]]));
  for (const group of SYNONYMS.map((phrases) => phrases.map(words))) {
    for (const phrase of group) {
      const at = position(query, phrase);
      if (at < 0) continue;
      for (const slot of result.slice(at, at + phrase.length)) {
        for (const word of group.flat()) if (!slot.has(word)) slot.set(word, 0.5);
      }
    }
  }
  return result;
}

/** Turn Sphinx's index into pages with their words; done once. */
function prepare(index) {
  const pages = index.docnames.map((name, n) => ({
    name,
    title: index.titles[n],
    titleWords: words(index.titles[n]),
    marks: [], // Headings and index entries: what a page says that it is about.
    body: new Set(),
  }));
  const mark = (doc, text, anchor, weight) =>
    pages[doc].marks.push({ text, anchor, weight, words: words(text) });
  for (const [text, places] of Object.entries(index.alltitles)) {
    for (const [doc, id] of places) mark(doc, text, id, 1);
  }
  for (const [text, places] of Object.entries(index.indexentries)) {
    for (const [doc, id] of places) mark(doc, text, id, 1.5);
  }
  for (const [prefix, objects] of Object.entries(index.objects)) {
    for (const [doc, , , anchor, name] of objects) {
      mark(doc, name, anchor === "" ? `${prefix}.${name}` : null, 1);
    }
  }
  for (const [word, docs] of Object.entries(index.terms)) {
    for (const doc of [docs].flat()) pages[doc].body.add(word);
  }
  const spread = new Map();
  for (const page of pages) {
    const all = new Set([...page.body, ...page.titleWords]);
    page.marks.forEach((part) => part.words.forEach((word) => all.add(word)));
    all.forEach((word) => spread.set(word, (spread.get(word) ?? 0) + 1));
    page.all = all;
  }
  const mean = pages.reduce((sum, page) => sum + page.all.size, 0) / pages.length;
  const rarity = (word) =>
    Math.log(1 + pages.length / (spread.get(word) ?? pages.length));
  return { pages, mean, rarity };
}

function scoreMark(mark, query, terms, rarity) {
  const hits = terms.map((slot) =>
    Math.max(...mark.words.map((word) => (slot.get(word) ?? 0) * rarity(word)), 0),
  );
  const matches = mark.words.filter((word) => terms.some((slot) => slot.has(word)));
  const share = matches.length / Math.max(1, mark.words.length);
  let score = 4 * hits.reduce((a, b) => a + b, 0) * (0.4 + 0.6 * share);
  const at = position(mark.words, query);
  if (at >= 0) score += mark.words.length === query.length ? 30 : 10 * share;
  return score * mark.weight;
}

function scorePage(page, query, terms, { mean, rarity }) {
  let score = 0;
  let hit = 0;
  let total = 0;
  for (const slot of terms) {
    let best = 0;
    for (const [word, weight] of slot) {
      const inTitle = page.titleWords.includes(word) ? 6 : 0;
      const inBody = page.all.has(word) ? 2 / (0.5 + page.all.size / mean / 2) : 0;
      best = Math.max(best, weight * rarity(word) * (inTitle + inBody));
    }
    const rare = rarity([...slot.keys()][0]);
    total += rare;
    hit += best ? rare : 0;
    score += best;
  }
  const marks = page.marks.map((mark) => scoreMark(mark, query, terms, rarity));
  const top = Math.max(0, ...marks);
  const mark = top ? page.marks[marks.indexOf(top)] : null;
  const share = hit / total;
  return { page, mark, share, score: (score + top) * share * share };
}

/** Return how much of a line is this message, whose braces hold what differs; or 0. */
function measure(line, message) {
  let at = 0;
  let size = 0;
  for (const piece of message.split(/\{\w*\}/).filter((part) => part.trim())) {
    at = line.indexOf(piece, at);
    if (at < 0) return 0;
    at += piece.length;
    size += piece.length;
  }
  return size < 6 ? 0 : size;
}

/** A page whose headings are messages wins if the query is a line with one of them. */
function scoreMessages(page, text) {
  if (!page.name.startsWith("troubleshooting/messages-")) return { size: 0 };
  return page.marks
    .map((mark) => ({ mark, size: measure(text, mark.text) }))
    .reduce((best, one) => (one.size > best.size ? one : best), { size: 0 });
}

/** Return `[{name, title, part, anchor, score}]`, the best page first. */
function rank(ready, text) {
  const query = wordsOfQuery(text);
  if (!query.length) return [];
  const terms = slots(query);
  return ready.pages
    .map((page) => {
      const one = scorePage(page, query, terms, ready);
      const { mark, size } = scoreMessages(page, text);
      return size ? { page, mark, share: 1, score: 1000 + size } : one;
    })
    .filter(({ score, share }) => score > 0 && share > 0.4)
    .sort((a, b) => b.score - a.score)
    .map(({ page, mark, score }) => ({
      name: page.name,
      title: page.title,
      part: mark && mark.text !== page.title ? mark.text : "",
      anchor: mark?.anchor ?? "",
      score,
    }));
}

// ---- The page -----------------------------------------------------------------------

const Search = {
  setIndex(index) {
    const ready = prepare(index);
    if (typeof document === "undefined") {
      Search.ready = ready; // A test asks without a browser.
      return;
    }
    const field = document.querySelector("article input[name=q]");
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    field.addEventListener("input", () => {
      history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
      show(rank(ready, field.value), field.value);
    });
    show(rank(ready, field.value), field.value);
    field.focus();
  },
};

function show(results, query) {
  const list = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  list.replaceChildren(...results.slice(0, 20).map(item));
  if (!query.trim()) {
    status.textContent = "Paste a log line, or type a setting, a function or a symptom.";
  } else if (results.length) {
    const count = Math.min(20, results.length);
    status.textContent = `${count} ${count === 1 ? "page" : "pages"}, the best first`;
  } else {
    status.textContent = "No page has these words. Try the setting's name, or fewer words.";
  }
}

function item({ name, title, part, anchor }) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  const root = document.documentElement.dataset.content_root;
  link.href = `${root}${name}.html${anchor ? `#${anchor}` : ""}`;
  link.textContent = part ? `${title} › ${part}` : title;
  const about = document.createElement("p");
  about.textContent = SUMMARIES[name] ?? "";
  const place = document.createElement("span");
  place.className = "place";
  place.textContent = name;
  line.append(link, about, place);
  return line;
}
