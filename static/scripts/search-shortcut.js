// The "/" key puts the cursor in the search box. Whoever does not want that, say because they speak to their computer
// and it takes a word for the key, turns it off in the page's foot (WCAG 2.1.4); the browser remembers it.

const KEY = "/";
const KEPT_AS = "search-shortcut";
const FIELDS = "input:not([type=checkbox]), textarea, select, [role=option], dialog";

export function searchShortcut() {
  const boxes = [...document.querySelectorAll("form[data-suggestions] input[name=q]")];
  const box = boxes.find((one) => one.closest("main")) ?? boxes[0];
  const foot = document.getElementById("search-shortcut");
  if (!box || !foot) return;

  const choice = foot.querySelector("input");
  const cap = document.createElement("kbd");
  cap.className = "search-box__key";
  cap.textContent = KEY;
  cap.setAttribute("aria-hidden", "true");
  box.closest(".search-box")?.append(cap);

  box.addEventListener("input", tell);
  choice.addEventListener("change", () => {
    write(choice.checked ? "on" : "off");
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.key !== KEY || isMeantForOthers(event)) return;
    event.preventDefault();
    box.focus();
  });
  choice.checked = read() !== "off";
  tell();
  foot.hidden = false;

  function tell() {
    cap.hidden = !choice.checked || box.value !== "";
    if (choice.checked) box.setAttribute("aria-keyshortcuts", KEY);
    else box.removeAttribute("aria-keyshortcuts");
  }
}

// Shift is not in the way: on many keyboards it makes the "/".
function isMeantForOthers(event) {
  const isTyping = event.target.isContentEditable || event.target.closest?.(FIELDS);
  return event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping;
}

function read() {
  try {
    return window.localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function write(choice) {
  try {
    window.localStorage.setItem(KEPT_AS, choice);
  } catch {
    // Storage is full or forbidden: the choice holds for this page.
  }
}
