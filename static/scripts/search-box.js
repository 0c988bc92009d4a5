// Suggestions as somebody types in a search box: sections, terms of the glossary and past searches. The box becomes
// accessible-autocomplete; its form, name, value and button work as they do without this script.

import { searchShortcut } from "./search-shortcut.js";
import { suggestions } from "./search-suggestions.js";

const PAUSE = 150; // milliseconds after the last key
const KINDS = { section: "Section", term: "Glossary", search: "Searched before" };

if (window.accessibleAutocomplete) document.querySelectorAll("form[data-suggestions]").forEach(addSuggestions);
searchShortcut();

function addSuggestions(form) {
  const ask = suggestions(form.dataset);
  const plain = form.querySelector("input[name=q]");
  const hadFocus = document.activeElement === plain;
  const place = document.createElement("div");
  let shown = [];
  let typed = "";
  let isAnswered = false;
  let waiting = 0;
  let asked = null;
  let show = () => {};

  place.className = "search-box";
  plain.replaceWith(place);
  window.accessibleAutocomplete({
    element: place,
    id: plain.id,
    name: plain.name,
    placeholder: plain.placeholder,
    cssNamespace: "search-box",
    inputClasses: plain.className,
    displayMenu: "overlay",
    minLength: 1,
    confirmOnBlur: false,
    showNoOptionsFound: false,
    menuAttributes: { "aria-labelledby": `${plain.id}-label` },
    templates: { inputValue: (one) => one?.text ?? "", suggestion: (one) => asHtml(one, typed) },
    tAssistiveHint: () =>
      "Suggestions appear while you type. Go through them with the up and down arrows and open one with Enter. " +
      "Enter in the box itself searches for what you typed.",
    tStatusQueryTooShort: () => "",
    tStatusNoResults: () => (isAnswered ? "No suggestions" : ""),
    tStatusResults: (count, chosen) => `${count} suggestion${count === 1 ? "" : "s"}. ${chosen}`,
    tStatusSelectedOption: (text, count, place) => `${text}, ${KINDS[shown[place]?.kind]}, ${place + 1} of ${count}`,
    source: (query, populate) => {
      stop();
      show = (found) => {
        [shown, typed] = [found, query];
        populate(found);
      };
      waiting = setTimeout(() => look(query), PAUSE);
    },
    onConfirm: choose,
  });

  const box = place.querySelector("input");
  for (const name of ["maxlength", "enterkeyhint", "autocapitalize"]) box.setAttribute(name, plain.getAttribute(name));
  if (hadFocus) box.focus();
  if (plain.value) {
    box.value = plain.value;
    box.dispatchEvent(new Event("input")); // tells accessible-autocomplete, which takes a given value for a suggestion
  }

  form.addEventListener("submit", stop);
  place.addEventListener("keydown", onKey, true);

  function stop() {
    clearTimeout(waiting);
    asked?.abort();
    isAnswered = false;
  }

  async function look(query) {
    if (!hasFocus()) return;
    const turn = (asked = new AbortController());
    const found = await ask(query, turn.signal);
    if (turn.signal.aborted || !hasFocus()) return;
    isAnswered = found !== null;
    show(found ?? []);
  }

  function hasFocus() {
    return place.contains(document.activeElement);
  }

  // What accessible-autocomplete would do otherwise: with its list open, Enter in the box would do nothing, and Escape
  // on a suggestion would leave the focus nowhere.
  function onKey(event) {
    if (event.key === "Enter" && event.target === box) event.stopPropagation();
    if (event.key === "Escape" && box.getAttribute("aria-expanded") === "true") {
      event.stopPropagation();
      event.preventDefault();
      stop();
      box.focus();
      show([]);
    }
  }

  function choose(one) {
    if (!one) return;
    stop();
    if (one.kind === "search") {
      box.value = one.text;
      form.requestSubmit();
      return;
    }
    setTimeout(() => {
      box.blur(); // accessible-autocomplete has just put the cursor back, and the place led to may be on this page
      window.location.assign(one.url);
    });
  }
}

// A suggestion as accessible-autocomplete wants it. All words go in as text. The comment that is left open swallows the
// inline style which it adds on an iPhone, and which the content security policy forbids.
function asHtml(one, typed) {
  const line = document.createElement("span");
  const words = document.createElement("span");
  words.className = "search-box__words";
  words.append(...emphasised(one.text, typed));
  if (one.detail) {
    const detail = element("span", "", "search-box__detail");
    detail.append(...emphasised(one.detail, typed));
    words.append(" ", detail);
  }
  line.append(words, element("span", ", ", "govuk-visually-hidden"), element("span", KINDS[one.kind], "search-box__kind"));
  return `${line.innerHTML}<!--`;
}

// The text with the beginnings of its words that were typed in bold.
function emphasised(text, typed) {
  const beginnings = typed.toLowerCase().split(/\s+/).filter(Boolean).sort((one, other) => other.length - one.length);
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.'’]*/gu)) {
    const found = beginnings.find((beginning) => word.toLowerCase().startsWith(beginning));
    if (!found) continue;
    pieces.push(text.slice(end, index), element("b", text.slice(index, index + found.length)));
    end = index + found.length;
  }
  return [...pieces, text.slice(end)];
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
