// Saves a draft on the way: a few seconds after the last change, and when a field is left. Until the site has a change, a
// copy stays in this browser, so that a dead battery or a broken line loses nothing.

import { csrfToken } from "./editor-text.js";

const PAUSE = 3000; // milliseconds after the last change
const LONGEST = 20000; // for somebody who never pauses
const RETRIES = [5000, 10000, 20000, 30000];

export function saveOnTheWay(form, { onChange }) {
  const state = document.getElementById("save_state");
  const copy = keeper(form);
  let isDirty = "clash" in form.dataset;
  let isHalted = isDirty; // over somebody else's words only the button saves
  let isSending = false;
  let isLeaving = false;
  let failures = 0;
  let timer = 0;
  let dirtySince = 0;

  function tell(words, kind = "") {
    if (state.textContent !== words) state.textContent = words;
    state.dataset.kind = kind;
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function changed() {
    if (!isDirty) dirtySince = Date.now();
    isDirty = true;
    copy.keep();
    if (isHalted) return;
    if (failures === 0) tell("Not saved yet.");
    later(Date.now() - dirtySince > LONGEST ? 0 : PAUSE);
  }

  async function send() {
    clearTimeout(timer);
    if (!isDirty || isHalted) return;
    if (isSending) return later(500);
    isSending = true;
    isDirty = false;
    try {
      await report(await post(form));
    } catch {
      again("Not saved: no connection. We try again. Your words are kept in this browser.");
    } finally {
      isSending = false;
    }
  }

  async function report(response) {
    if (response.status === 200) {
      const { revision, saved_at: at, left_out: leftOut } = await response.json();
      form.elements.revision.value = revision;
      failures = 0;
      if (!isDirty) copy.drop();
      const rest = leftOut.length ? ` Not this: ${leftOut.join(" ")}` : "";
      tell(`Saved at ${at}.${rest}`, leftOut.length ? "warning" : "done");
    } else if (response.status === 409) {
      isDirty = isHalted = true;
      tell(`Not saved. ${(await response.json()).message}`, "error");
    } else if (response.status === 401) {
      again("Not saved: you are signed out. Sign in in another tab, and this page saves. Your words are kept here.");
    } else if (response.status === 403 || response.status === 404) {
      isDirty = isHalted = true;
      tell("Not saved: you may not write this draft any more. Copy your words before you leave.", "error");
    } else {
      again("Not saved: the site did not answer properly. We try again. Your words are kept in this browser.");
    }
  }

  function again(words) {
    isDirty = true;
    tell(words, "error");
    later(RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
  }

  form.addEventListener("input", (event) => event.target.name && event.target.name !== "seen_by" && changed());
  form.addEventListener("focusout", () => isDirty && failures === 0 && later(300));
  form.addEventListener("submit", () => {
    isLeaving = true;
    form.elements.csrfmiddlewaretoken.value = csrfToken(form);
  });
  window.addEventListener("online", () => isDirty && send());
  document.addEventListener("visibilitychange", () => document.hidden && send());
  window.addEventListener("pageshow", () => (isLeaving = false));
  window.addEventListener("beforeunload", (event) => {
    if ((isDirty || isSending) && !isLeaving) event.preventDefault();
  });
  if (isHalted) tell("Not saved yet. Nothing is saved on the way until you have chosen.", "error");
  copy.offer(() => {
    changed();
    onChange();
  });

  return { tell, saveNow: send };
}

function post(form) {
  form.elements.csrfmiddlewaretoken.value = csrfToken(form);
  return fetch(form.dataset.saveUrl, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
}

// The copy in this browser: of this person and this draft, from the first change until the site has it.
function keeper(form) {
  const key = `draft:${form.dataset.person}:${form.dataset.draft}`;
  const older = `${key}:older`;
  const words = () =>
    Object.fromEntries(
      [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "revision", "seen_by"].includes(name)),
    );
  const isAsShown = (kept) => {
    const shown = words();
    return Object.entries(kept.words).every(([name, value]) => value.trim() === (shown[name] ?? "").trim());
  };

  return {
    keep: () => store(key, JSON.stringify({ at: Date.now(), words: words() })),
    drop: () => store(key, null),
    offer(onUse) {
      if ("clash" in form.dataset) return; // the form itself holds them
      const kept = JSON.parse(read(key) ?? read(older) ?? "null");
      store(key, null);
      store(older, kept && !isAsShown(kept) ? JSON.stringify(kept) : null);
      if (!read(older)) return;
      const notice = document.getElementById("kept_words");
      const when = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
      notice.querySelector("p").textContent =
        `This browser kept words of yours from ${when} that the site did not get. The form below is as it was saved.`;
      notice.hidden = false;
      const done = () => {
        store(older, null);
        notice.hidden = true;
        form.elements.body.focus();
      };
      notice.querySelector("[data-use]").addEventListener("click", () => {
        for (const [name, value] of Object.entries(kept.words)) if (form.elements[name]) form.elements[name].value = value;
        done();
        onUse();
      });
      notice.querySelector("[data-drop]").addEventListener("click", done);
    },
  };
}

function read(key) {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the site still saves.
  }
}
