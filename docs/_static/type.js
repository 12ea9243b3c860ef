"use strict";

// What one types of a block: no prompts, no answers. pytest runs the same lines.

/** Return what a reader would type of a block, or "" if it holds only answers. */
function textToType(pre) {
  const lines = [{ text: "", prompt: null }];
  const walk = (node, prompt) => {
    if (node.nodeType === Node.TEXT_NODE) {
      node.data.split("\n").forEach((text, n) => {
        if (n) lines.push({ text: "", prompt: null });
        const line = lines.at(-1);
        if (prompt && !line.text) line.prompt = text;
        else line.text += text;
      });
    } else {
      node.childNodes.forEach((child) =>
        walk(child, prompt || node.classList.contains("gp")),
      );
    }
  };
  walk(pre, false);
  if (!lines.some((line) => line.prompt !== null)) {
    const answers = pre.closest(".highlight-console, .highlight-pycon");
    return answers ? "" : pre.textContent.replace(/\n+$/, "\n");
  }
  // Below a line that goes on; elsewhere pdb has printed such a prompt, or "(Pdb)".
  let goesOn = false;
  const typing = lines.filter(({ prompt, text }) => {
    const second = prompt?.trim() === ">";
    const keep = goesOn || ["$", "#", ">>>", "..."].includes(prompt?.trim());
    goesOn = keep && (text.endsWith("\\") || text.includes("<<") || second);
    return keep;
  });
  // An interpreter ends a compound statement at an empty line.
  const ends = ({ prompt, text }, next) =>
    prompt?.trim() === "..." && text.trim() && next?.prompt?.trim() !== "...";
  const ended = typing.map((line, n) => line.text + (ends(line, typing[n + 1]) ? "\n" : ""));
  return ended.map((text) => text + "\n").join("");
}
