// Before the page is drawn, so that it does not flash: the reader's choice of colours.
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto"; // The browser keeps nothing.
}
