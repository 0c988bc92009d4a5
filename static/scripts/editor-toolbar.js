// The toolbar: what non-technical people need, written as Markdown at the cursor. One stop for the Tab key, arrow keys
// within: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/

import { askForLink } from "./editor-finding.js";
import { askForSlot } from "./editor-slots.js";
import { changeLines, insert, insertBlock, selected } from "./editor-text.js";

const TABLE = "| Who | What |\n| --- | --- |\n|  |  |\n|  |  |";

const WRITERS = {
  heading: (box) => headLines(box, "## "),
  subheading: (box) => headLines(box, "### "),
  bold(box) {
    const words = selected(box);
    const isBold = words.length > 4 && words.startsWith("**") && words.endsWith("**");
    if (isBold) return insert(box, words.slice(2, -2), [0, words.length - 4]);
    insert(box, `**${words || "bold words"}**`, [2, 2 + (words || "bold words").length]);
  },
  bullets: (box) => markLines(box, /^- /, () => "- "),
  numbers: (box) => markLines(box, /^\d+\. /, (place) => `${place + 1}. `),
  table: (box) => insertBlock(box, TABLE, [2, 5]),
};

function headLines(box, marks) {
  changeLines(box, (line) => (line.startsWith(marks) ? line.slice(marks.length) : marks + line.replace(/^#+\s*/, "")));
}

// Mark every line that has words, or take the marks away where all of them are marked.
function markLines(box, pattern, mark) {
  const lines = selected(box).split("\n").length > 1 ? selected(box).split("\n").filter((line) => line.trim()) : [];
  const takesAway = lines.length > 0 && lines.every((line) => pattern.test(line));
  let place = 0;
  changeLines(box, (line) => {
    if (takesAway || (lines.length === 0 && pattern.test(line))) return line.replace(pattern, "");
    if (lines.length > 0 && !line.trim()) return line;
    return mark(place++) + line.replace(/^(- |\d+\. )/, "");
  });
}

export function toolbar(form, box) {
  const bar = document.getElementById("toolbar");
  const buttons = [...bar.querySelectorAll("button")];
  const link = askForLink(form, box);
  const slot = askForSlot(box);

  for (const button of buttons) {
    button.tabIndex = button === buttons[0] ? 0 : -1;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    button.addEventListener("click", () => {
      stopAt(button);
      if (button.dataset.write) WRITERS[button.dataset.write](box);
      else if (button.dataset.find) link(button.dataset.find);
      else if ("slot" in button.dataset) slot();
    });
  }

  function stopAt(button) {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  }

  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    stopAt(next);
    next.focus();
  });
  box.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "b") {
      event.preventDefault();
      WRITERS.bold(box);
    }
  });
  bar.hidden = false;
}
