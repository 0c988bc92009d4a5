// Remembers, in the browser's own storage, the partnership whose pages are read, and offers it again on a page that is
// read without one. Nothing is sent anywhere, and where storage is refused nothing happens.

const root = document.documentElement;
const { partnership: slug, partnershipName: name } = root.dataset;

const read = (key) => {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
};

const write = (key, value) => {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the page works without it.
  }
};

if (slug) {
  write("partnership", slug);
  write("partnership-name", name || slug);
} else {
  const place = document.getElementById("read-again");
  const lastSlug = read("partnership");
  // The slug is one of the choices on the page, or the partnership no longer exists and is not offered.
  const known = lastSlug && document.querySelector(`#partnership option[value="${CSS.escape(lastSlug)}"]`);
  if (place && known) {
    const address = new URL(place.dataset.url, window.location.href);
    new URLSearchParams(window.location.search).forEach((value, key) => address.searchParams.append(key, value));
    address.searchParams.set("partnership", lastSlug);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = address.pathname + address.search + window.location.hash;
    link.textContent = `Read as ${known.textContent.trim()} again`;
    place.append(link);
    place.hidden = false;
  }
}
