// Changes to a text box that the browser's own Undo takes back, and the way to one of its lines.

export function replace(box, start, end, words, select) {
  box.focus();
  box.setSelectionRange(start, end);
  // Deprecated, and still the only way that keeps Undo: https://developer.mozilla.org/docs/Web/API/Document/execCommand
  if (!document.execCommand("insertText", false, words)) {
    box.setRangeText(words, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (select) box.setSelectionRange(start + select[0], start + select[1]);
}

// Open a dialog, and give what takes the text's focus and selection up again: a browser may forget the latter.
export function ask(dialog, box) {
  const { selectionStart, selectionEnd } = box;
  dialog.returnValue = "";
  dialog.showModal();
  return () => {
    box.focus();
    box.setSelectionRange(selectionStart, selectionEnd);
  };
}

export const selected = (box) => box.value.slice(box.selectionStart, box.selectionEnd);

export function insert(box, words, select) {
  replace(box, box.selectionStart, box.selectionEnd, words, select);
}

// `words` as paragraphs of their own: an empty line before and after them.
export function insertBlock(box, words, select) {
  const before = box.value.slice(0, box.selectionEnd);
  const after = box.value.slice(box.selectionEnd);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const end = after === "" || after.startsWith("\n\n") ? "\n" : after.startsWith("\n") ? "\n" : "\n\n";
  replace(box, box.selectionEnd, box.selectionEnd, gap + words + end, select?.map((place) => place + gap.length));
}

// The whole lines that the selection touches, each put through `change(line, place)`.
export function changeLines(box, change) {
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const found = box.value.indexOf("\n", box.selectionEnd);
  const end = found < 0 ? box.value.length : found;
  const changed = box.value.slice(start, end).split("\n").map(change).join("\n");
  replace(box, start, end, changed, changed.includes("\n") ? [0, changed.length] : [changed.length, changed.length]);
}

export function selectLine(box, line) {
  const lines = box.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, words) => sum + words.length + 1, 0);
  box.focus();
  box.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  box.scrollTop = Math.max(0, heightOf(box, box.value.slice(0, start)) - box.clientHeight / 3);
}

// How high `words` stand in the box, which wraps its lines.
function heightOf(box, words) {
  const ruler = document.createElement("div");
  ruler.className = "editor__ruler";
  ruler.style.width = `${box.clientWidth}px`;
  ruler.textContent = words;
  box.parentElement.append(ruler);
  const height = ruler.scrollHeight;
  ruler.remove();
  return height;
}

export function csrfToken(form) {
  // Signing in again in another tab makes a new token, which the cookie has and the form does not.
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}
