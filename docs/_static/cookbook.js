"use strict";

// ---- Copy what one types: type.js ------------------------------------------------

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // A site without https has no clipboard of its own.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function addCopyButton(pre) {
  const box = pre.parentElement;
  if (box.closest(".highlight-output") || !textToType(pre)) return;
  const button = document.createElement("button");
  button.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await copy(textToType(pre));
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  box.classList.add("has-copy");
  box.append(button);
}

document.querySelectorAll("article .highlight > pre").forEach(addCopyButton);

// ---- What is wider than the page says so, and can be scrolled by keyboard ---------

/** Say whether the first line of a block is so long that its button would cover it. */
function isBelowButton(box) {
  const button = box.parentElement.querySelector(":scope > button.copy");
  if (!button) return false;
  const letters = box.textContent.split("\n", 1)[0].length;
  // A letter of these fonts is six tenths as wide as it is high.
  const width = letters * 0.61 * parseFloat(getComputedStyle(box).fontSize);
  return 16 + width > box.clientWidth - button.offsetWidth - 12;
}

function markOverflow(box) {
  // On a desk a table had better break its dotted names than be scrolled.
  const isTight = innerWidth > 1000 && box.scrollWidth - box.clientWidth > 1;
  if (isTight) box.classList.add("is-tight");
  box.classList.toggle("is-long", isBelowButton(box));
  const hidden = box.scrollWidth - box.clientWidth;
  box.classList.toggle("is-wide", hidden > 1);
  box.classList.toggle("has-more", hidden - box.scrollLeft > 1);
  if (hidden > 1) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

const wide = document.querySelectorAll(
  "article .table-wrapper, article pre, article .wide",
);
const sizes = new ResizeObserver((entries) =>
  entries.forEach((entry) => markOverflow(entry.target)),
);
wide.forEach((box) => {
  sizes.observe(box);
  box.addEventListener("scroll", () => markOverflow(box), { passive: true });
});

// ---- The current entry of the navigation is in view --------------------------------

const entry = document.querySelector(".sidebar-tree .current-page > .reference");
const sidebar = document.querySelector(".sidebar-scroll");
if (entry && sidebar) {
  const below = entry.getBoundingClientRect().top - sidebar.getBoundingClientRect().top;
  const top = sidebar.scrollTop + below - sidebar.clientHeight / 3;
  sidebar.scrollTo({ top, behavior: "instant" });
}

// ---- Folded parts are open where a link leads into them, and on paper --------------

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest("details"); fold; ) {
    fold.open = true;
    fold = fold.parentElement.closest("details");
  }
}
addEventListener("hashchange", openTarget);
openTarget();

let folds = [];
addEventListener("beforeprint", () => {
  folds = [...document.querySelectorAll("article details:not([open])")];
  folds.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => folds.forEach((fold) => (fold.open = false)));
