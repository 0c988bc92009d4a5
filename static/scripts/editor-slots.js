// Asks for a local slot: in regional text for the name of a new one, in a local addition which one to fill.

import { ask, insertBlock, selectLine } from "./editor-text.js";

export function askForSlot(box) {
  const dialog = document.getElementById("slot_dialog");
  if (!dialog) return () => {};
  const named = document.getElementById("slot_name");
  const error = document.getElementById("slot_error");
  let goBack = () => {};

  const chosen = () =>
    named
      ? named.value.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
      : (dialog.querySelector("input[name=slot]:checked")?.value ?? "");

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
  }

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close("cancel"));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    if (chosen()) return;
    event.preventDefault();
    say(named ? "Give the slot a name, such as front-door." : "Choose the slot that you want to fill.");
    dialog.querySelector("input").focus();
  });
  dialog.addEventListener("close", () => {
    goBack();
    if (dialog.returnValue !== "insert") return;
    const there = box.value.split("\n").findIndex((line) => line.trim() === `::: fill ${chosen()}`);
    if (!named && there >= 0) return selectLine(box, there + 2);
    const first = `::: ${named ? "local" : "fill"} ${chosen()}\n`;
    const inside = named ? "What stands here until a partnership fills it." : "Your own text.";
    insertBlock(box, `${first}${inside}\n:::`, [first.length, first.length + inside.length]);
  });

  return () => {
    say("");
    if (named) named.value = "";
    goBack = ask(dialog, box);
  };
}
