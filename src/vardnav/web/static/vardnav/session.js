// The session's end: a warning two minutes before, a cover when it is over. Nothing written is lost or left to be read.

const WARNED_BEFORE = 120; // seconds

/** `dialog` knows how many seconds remain, and where to ask again. */
export function watch(dialog) {
  const [warning, over] = dialog.querySelectorAll(".session-warning, .session-over");
  const words = dialog.querySelector("[data-left]");
  const account = dialog.dataset.account;
  let endsAt = Date.now() + Number(dialog.dataset.seconds) * 1000;
  let asking = false;

  const left = () => Math.round((endsAt - Date.now()) / 1000);

  function cover(covered) {
    document.body.classList.toggle("session-is-over", covered);
    warning.hidden = covered;
    over.hidden = !covered;
    dialog.setAttribute("aria-labelledby", covered ? "session-over-title" : "session-end-title");
    if (covered && !dialog.open) dialog.showModal();
    if (covered) over.querySelector("a").focus();
  }

  /** How it stands on the server: another tab may have used the session, or somebody else logged in. */
  async function ask(method) {
    if (asking) return;
    asking = true;
    try {
      const headers = { "X-Vardnav-Quiet": "1", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
      const answer = await fetch(dialog.dataset.url, { method, headers, redirect: "error" });
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.account !== null && String(told.account) !== account) {
        location.assign("/"); // somebody else's now: what stood here is not theirs
        return;
      }
      endsAt = Date.now() + (told.account === null ? 0 : told.seconds * 1000);
    } catch {
      // No contact: what was known is still the best guess.
    } finally {
      asking = false;
    }
    show();
  }

  function show() {
    const seconds = left();
    if (seconds <= 0) {
      if (over.hidden) cover(true);
      return;
    }
    if (!over.hidden) cover(false);
    if (seconds > WARNED_BEFORE) {
      if (dialog.open) dialog.close();
      return;
    }
    const minutes = Math.ceil(seconds / 60);
    const text = document.documentElement.lang.startsWith("en") ? `${minutes} min left.` : `${minutes} min kvar.`;
    if (words.textContent !== text) words.textContent = text;
    if (!dialog.open) dialog.showModal();
  }

  async function tick() {
    const seconds = left();
    const known = dialog.open ? seconds > 0 || !over.hidden : seconds > WARNED_BEFORE;
    if (!known) await ask("GET"); // before warning and before covering: it may have been used elsewhere
    else show();
  }

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape is somebody being there
    if (over.hidden) ask("POST");
  });
  dialog.querySelector("[data-stay]").addEventListener("click", () => ask("POST"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && (dialog.open || left() <= WARNED_BEFORE)) ask("GET"); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask("GET"); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const quiet = event.detail.requestConfig?.headers?.["X-Vardnav-Quiet"];
    if (!quiet && !dialog.open && left() < Number(dialog.dataset.seconds) - 60) ask("GET");
  });
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr?.status === 401) ask("GET"); });
  setInterval(tick, 1000);
  tick();
}
