// A link to a paragraph that is no longer on the page: the server cannot see what stands behind the "#", so ask it with
// ?paragraph=, and it says whether the paragraph has changed, moved to another version or never was.

const id = window.location.hash.slice(1);
const query = new URLSearchParams(window.location.search);

if (/^([a-z0-9]+-)*p-[A-Za-z0-9-]+$/.test(id) && !document.getElementById(id) && !query.has("paragraph")) {
  query.set("paragraph", id);
  window.location.replace(`${window.location.pathname}?${query}`);
}
