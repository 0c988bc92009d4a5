// Shows "Edit" beside the title to whoever has signed in to the workspace with this browser. The page itself is the same
// for everybody.

try {
  const link = document.getElementById("edit-link");
  if (link && window.localStorage.getItem("editor")) link.hidden = false;
} catch {
  // Storage is forbidden: the link in the page's foot is enough.
}
