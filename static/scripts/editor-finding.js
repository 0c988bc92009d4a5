// Asks what a link shall lead to: type a section's number or title, choose from what is found, and it is written at the
// cursor. The box is accessible-autocomplete.

import { ask, insert, selected } from "./editor-text.js";

const ASKS = {
  section: ["Link to a section", "Number or title of the section"],
  document: ["Link to a document", "Title of the document"],
  authority: ["Link to an authority", "Name of the statute, guidance or protocol"],
  contact: ["Link to a contact", "Name of the service"],
};
const PAUSE = 150; // milliseconds after the last key

export function askForLink(form, box) {
  const dialog = document.getElementById("find_dialog");
  const error = document.getElementById("find_error");
  let found = [];
  let chosen = null;
  let asked = 0;
  let typed = "";
  let goBack = () => {};

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
  }

  function source(kind) {
    return (query, populate) => {
      const turn = ++asked;
      typed = query;
      chosen = null;
      say("");
      setTimeout(async () => {
        if (turn !== asked) return;
        const answer = await look(kind, query);
        if (turn === asked) populate((found = answer));
      }, PAUSE);
    };
  }

  async function look(kind, query) {
    const address = `${form.dataset.findUrl}?${new URLSearchParams({ kind, q: query })}`;
    try {
      const response = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.ok) return (await response.json()).found;
      say(response.status === 401 ? "You are signed out. Sign in in another tab." : "The site did not answer properly.");
    } catch {
      say("There is no connection.");
    }
    return [];
  }

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close("cancel"));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const exact = found.filter((target) => target.words === typed || target.words.startsWith(`${typed} `));
    chosen ??= exact.length === 1 ? exact[0] : found.length === 1 ? found[0] : null;
    if (chosen) return;
    event.preventDefault();
    say("Type a few letters and choose one from the list.");
    document.getElementById("find_box").focus();
  });
  dialog.addEventListener("close", () => {
    goBack();
    if (dialog.returnValue !== "insert" || !chosen) return;
    const words = selected(box);
    insert(box, words ? `[${words}](${chosen.address})` : chosen.text);
  });

  return (kind) => {
    const [title, label] = ASKS[kind];
    document.getElementById("find_title").textContent = title;
    dialog.querySelector("label").textContent = label;
    found = [];
    chosen = null;
    typed = "";
    say("");
    const place = document.getElementById("find_place");
    place.replaceChildren();
    window.accessibleAutocomplete({
      element: place,
      id: "find_box",
      source: source(kind),
      minLength: 1,
      confirmOnBlur: false,
      displayMenu: "inline",
      showNoOptionsFound: true,
      tNoResults: () => "Nothing found",
      templates: { inputValue: (target) => target?.words ?? "", suggestion: (target) => escaped(target?.words ?? "") },
      onConfirm: (target) => {
        if (target) [chosen, typed] = [target, target.words];
      },
    });
    goBack = ask(dialog, box);
    document.getElementById("find_box").focus();
  };
}

// accessible-autocomplete writes a suggestion as HTML.
function escaped(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span.innerHTML;
}
