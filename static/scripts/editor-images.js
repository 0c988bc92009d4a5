// Pictures that are chosen, dropped or pasted into the text: stored as documents of the partnership, and written at the cursor.

import { csrfToken, insert } from "./editor-text.js";

export function insertFiles(box, tell) {
  const address = box.getAttribute("data-markdownx-upload-urls-path");

  function take(event, files) {
    event.stopPropagation(); // django-markdownx would write a failed upload's answer into the text
    if (!files?.length) return;
    event.preventDefault();
    for (const file of files) upload(file);
  }

  async function upload(file) {
    tell(`Uploading ${file.name} …`);
    const data = new FormData();
    data.append("image", file);
    const headers = { "X-CSRFToken": csrfToken(box.form), "X-Requested-With": "XMLHttpRequest" };
    try {
      const response = await fetch(address, { method: "POST", body: data, headers });
      const answer = response.status === 401 ? {} : await response.json();
      if (answer.image_code) {
        const alt = answer.image_code.indexOf("![") + 2;
        insert(box, answer.image_code, [alt, answer.image_code.indexOf("]")]);
        return tell("The picture is inserted. Write between the brackets what it shows.", "done");
      }
      tell(answer.image_error ?? "Not uploaded: you are signed out. Sign in in another tab.", "error");
    } catch {
      tell(`${file.name} could not be uploaded. Try again.`, "error");
    }
  }

  const chooser = document.getElementById("picture_file");
  document.querySelector("[data-picture]").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    for (const file of chooser.files) upload(file);
    chooser.value = "";
  });

  const panes = box.closest(".markdownx");
  panes.addEventListener("paste", (event) => event.target === box && take(event, event.clipboardData?.files), true);
  panes.addEventListener("drop", (event) => event.target === box && take(event, event.dataTransfer?.files), true);
}
