// What the read API suggests for the letters typed, from the viewpoint of the page. Answers are kept for the page's life.

const LONGEST = 60; // characters: what is longer is a story, for which nothing is suggested

// `suggestions` is the API's address; `partnership` and `on` are the viewpoint's, "" for none. Gives a function that
// looks for letters and gives a list, or null where there is no answer: then the box is simply a box.
export function suggestions({ suggestions: address, partnership, on }) {
  const kept = new Map();

  return async (typed, signal) => {
    const query = typed.trim().replace(/\s+/g, " ").toLowerCase();
    if (query.length > LONGEST || (query.length < 2 && !/^\d$/.test(query))) return [];
    if (!kept.has(query)) {
      const found = await fetched(query, signal);
      if (!found) return null;
      kept.set(query, found);
    }
    return kept.get(query);
  };

  async function fetched(query, signal) {
    const asked = Object.entries({ q: query, partnership, on }).filter(([, value]) => value);
    try {
      const response = await fetch(`${address}?${new URLSearchParams(asked)}`, { signal });
      return response.ok ? (await response.json()).suggestions : null;
    } catch {
      return null; // no connection, or nobody waits for it any more
    }
  }
}
