// The page on which a draft is written. Without this script its form saves and shows the preview all the same; with it
// the preview and what is to be mended follow the typing, a toolbar writes the marks, and words are saved on the way.

import { insertFiles } from "./editor-images.js";
import { livePreview } from "./editor-preview.js";
import { saveOnTheWay } from "./editor-saving.js";
import { toolbar } from "./editor-toolbar.js";

const form = document.getElementById("text_form");
const box = document.getElementById("id_body");
const panes = form.querySelector(".editor__panes");

// django-markdownx takes the Tab key, with which people leave a field, and Ctrl+D, [ and ] from everybody; and it
// writes a failed upload's answer into the text. What it must not see is stopped on its way down to it.
panes.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Tab" || ((event.ctrlKey || event.metaKey) && ["d", "[", "]"].includes(event.key))) {
      event.stopPropagation();
    }
  },
  true,
);

const preview = livePreview(form, box);
const saving = saveOnTheWay(form, { onChange: preview.refresh });
toolbar(form, box);
insertFiles(box, saving.tell);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    saving.saveNow();
  }
});
