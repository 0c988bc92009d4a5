// The live preview. django-markdownx asks for it half a second after the last key and puts the answer in its place; here
// the request gets the form's other fields, an answer that comes too late is put aside, and the page keeps its place.

import { selectLine } from "./editor-text.js";

const LONGEST = { change_note: 40 }; // characters: whether there is a note is all that the preview asks

export function livePreview(form, box) {
  const pane = form.querySelector(".markdownx-preview");
  const address = box.getAttribute("data-markdownx-urls-path");
  const told = document.createElement("p");
  told.className = "govuk-visually-hidden";
  told.setAttribute("role", "status");
  form.append(told);
  let turn = 0;
  let shown = { turn: 0, html: pane.innerHTML, faults: pane.firstElementChild?.dataset.faults };
  let top = 0;

  function name() {
    const query = new URLSearchParams();
    for (const [key, value] of new FormData(form)) {
      if (!["body", "csrfmiddlewaretoken"].includes(key)) query.set(key, value.slice(0, LONGEST[key]));
    }
    turn += 1;
    query.set("turn", turn);
    box.setAttribute("data-markdownx-urls-path", `${address}?${query}`);
  }

  function refresh() {
    name();
    box.dispatchEvent(new Event("input")); // for django-markdownx alone: it does not bubble up to the form
  }

  form.addEventListener("input", (event) => (event.target === box ? name() : refresh()));
  form.addEventListener("change", (event) => event.target !== box && refresh());
  pane.addEventListener(
    "scroll",
    (event) => {
      if (event.target.matches(".seen__page")) top = event.target.scrollTop;
    },
    true,
  );

  form.querySelector(".markdownx").addEventListener("markdownx.update", () => {
    const seen = pane.querySelector(":scope > .seen");
    // No preview but an error page, or the answer to an earlier question: what was shown stays.
    if (!seen || Number(seen.dataset.turn) < shown.turn) {
      pane.innerHTML = shown.html;
    } else {
      if (seen.dataset.faults !== shown.faults) told.textContent = pane.querySelector(".faults__title").textContent;
      shown = { turn: Number(seen.dataset.turn), html: pane.innerHTML, faults: seen.dataset.faults };
    }
    pane.querySelector(".seen__page").scrollTop = top;
    follow(box, pane);
  });

  pane.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link?.dataset.line) {
      event.preventDefault();
      selectLine(box, Number(link.dataset.line));
    } else if (link && !link.hash) {
      event.preventDefault(); // the text that is being written stays open
      window.open(link.href, "_blank", "noopener");
    }
  });
  box.addEventListener("click", () => follow(box, pane));

  name();
  return { refresh };
}

// Scroll the preview to what stands on the line of the cursor, where that is out of sight.
function follow(box, pane) {
  const page = pane.querySelector(".seen__page");
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const words = plain(box.value.slice(start).split("\n", 1)[0]);
  if (words.length < 8 || document.activeElement !== box) return;
  const found = [...page.querySelectorAll("h2, h3, h4, p, li, th, td")].find((part) =>
    plain(part.textContent).startsWith(words.slice(0, 40)),
  );
  if (!found) return;
  const place = found.getBoundingClientRect();
  const frame = page.getBoundingClientRect();
  if (place.top < frame.top || place.top > frame.bottom - 40) {
    page.scrollTop += place.top - frame.top - page.clientHeight / 3;
  }
}

const plain = (words) =>
  words
    .replace(/\]\([^)]*\)/g, "")
    .replace(/^[\s>#*|-]+|^\s*\d+\.\s|[*_`[\]|]/g, "")
    .replace(/\s+/g, " ")
    .trim();
