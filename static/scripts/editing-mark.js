// Remembers, in the browser's own storage, that somebody has signed in to the workspace here, for reading pages to offer
// "Edit": they are the same for everybody and cannot know. Forgotten on the first page that is shown to nobody, and with
// it, on signing out, the copies of drafts that were not saved.

try {
  if (document.querySelector("meta[name=signed-in]")) {
    window.localStorage.setItem("editor", "yes");
  } else {
    window.localStorage.removeItem("editor");
  }
  document.querySelector("form[action$='/accounts/logout/']")?.addEventListener("submit", () => {
    const drafts = Object.keys(window.localStorage).filter((key) => key.startsWith("draft:"));
    for (const key of drafts) window.localStorage.removeItem(key);
  });
} catch {
  // Storage is forbidden: the link in the page's foot leads to the workspace all the same.
}
