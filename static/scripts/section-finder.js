// Below each field that takes sections by number or title: a box that finds one by a few letters and writes it there.
// Without this script the number or title is typed. The box is accessible-autocomplete.

const PAUSE = 150; // milliseconds after the last key

for (const field of document.querySelectorAll("[data-find-section]")) addFinder(field);

function addFinder(field) {
  const isList = field.dataset.findSection === "lines";
  const address = field.form.dataset.findUrl;
  const id = `${field.id}-find`;
  const place = document.createElement("div");
  const label = document.createElement("label");
  const box = document.createElement("div");
  const told = document.createElement("p");
  let asked = 0;
  place.className = "section-finder";
  label.className = "govuk-hint section-finder__label";
  label.htmlFor = id;
  label.textContent = isList ? "Find a section to add" : "Find the section";
  told.className = "quiet";
  told.setAttribute("role", "status");
  place.append(label, box, told);
  field.after(place);

  window.accessibleAutocomplete({
    element: box,
    id,
    name: "",
    minLength: 1,
    confirmOnBlur: false,
    displayMenu: "inline",
    tNoResults: () => "Nothing found",
    templates: { inputValue: () => "", suggestion: (target) => escaped(target?.words ?? "") },
    source: (query, populate) => {
      const turn = ++asked;
      setTimeout(async () => {
        if (turn !== asked) return;
        const found = await look(query);
        if (turn === asked) populate(found);
      }, PAUSE);
    },
    onConfirm: (target) => {
      if (!target) return;
      write(target.words);
      told.textContent = `“${target.words}” is in the field above.`;
    },
  });

  function write(words) {
    const lines = field.value.split("\n").filter((line) => line.trim());
    if (!isList) field.value = words;
    else if (!lines.includes(words)) field.value = [...lines, words].join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function look(query) {
    told.textContent = "";
    try {
      const url = `${address}?${new URLSearchParams({ kind: "section", q: query })}`;
      const response = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.ok) return (await response.json()).found;
      told.textContent =
        response.status === 401 ? "You are signed out. Sign in in another tab." : "The site did not answer properly.";
    } catch {
      told.textContent = "There is no connection.";
    }
    return [];
  }
}

// accessible-autocomplete writes a suggestion as HTML.
function escaped(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span.innerHTML;
}
