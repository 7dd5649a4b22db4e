// What every page can do with the keyboard and without a page load. Pages work without it.

const texts = document.getElementById("announcer");
const modules = document.getElementById("app").dataset;

export function announce(text) {
  if (!texts || !text) return;
  texts.textContent = "";
  setTimeout(() => { texts.textContent = text; }, 50);
}

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

// --- Keys: "/" searches; arrows or j and k walk the rows of a desk's table

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    closeMenus();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "/") {
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const row = event.target.closest?.("tr.row-link") ?? (/^[jk]$/.test(event.key) ? document.querySelector("tr.row-link") : null);
  if (!step || !row || event.target.closest?.("dialog, .menu-panel")) return;
  const rows = [...row.closest("table").querySelectorAll("tr.row-link")];
  const here = row.contains(document.activeElement) ? rows.indexOf(row) + step : 0;
  const link = rows[here]?.querySelector("a[href]");
  if (link) {
    event.preventDefault();
    link.focus();
  }
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr.row-link");
  if (!row || event.target.closest("a, button, input, select, label, summary")) return;
  if (window.getSelection()?.toString()) return; // somebody copies a name
  row.querySelector("a[href]")?.click();
});

// --- Menus close when one looks elsewhere

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside && !except) menu.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu") ?? document.body));

// --- Light and dark at once; the server remembers it in a cookie

function schemeChanged() {
  document.dispatchEvent(new CustomEvent("vardnav:scheme"));
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const scheme = event.submitter.value;
  const body = new FormData(form, event.submitter);
  document.documentElement.dataset.colorScheme = scheme;
  for (const button of form.querySelectorAll("[name=scheme]")) {
    button.setAttribute("aria-pressed", String(button.value === scheme));
  }
  closeMenus();
  schemeChanged();
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", schemeChanged);

// Paper is white whatever the screen is
let screenScheme = null;
addEventListener("beforeprint", () => {
  screenScheme = document.documentElement.dataset.colorScheme;
  document.documentElement.dataset.colorScheme = "light";
});
addEventListener("afterprint", () => {
  if (screenScheme) document.documentElement.dataset.colorScheme = screenScheme;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// --- Confirm: <form data-confirm="id of a dialog">

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = form.dataset?.confirm && document.getElementById(form.dataset.confirm);
  if (!dialog) return;
  if (form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") {
      submitter?.focus();
      return;
    }
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }, { once: true });
  dialog.showModal();
}, true);

// --- htmx: the token goes with every request, and what is swapped in is said aloud

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
  const why = event.detail.triggeringEvent?.type ?? "";
  if (why.startsWith("live:")) event.detail.headers["X-Vardnav-Quiet"] = "1"; // nobody need be there
});

document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  focusErrors(swapped);
  if (swapped.closest?.("[data-quiet]")) return;
  announce(swapped.dataset?.announce ?? texts?.dataset.textUpdated);
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    announce(texts?.dataset.textFailed);
    showFailure(texts?.dataset.textFailed);
  });
}

function showFailure(text) {
  const region = document.getElementById("messages");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = "notice";
  box.dataset.color = "danger";
  const words = document.createElement("div");
  words.className = "notice-body";
  words.textContent = text;
  box.append(words);
  region.replaceChildren(box);
}

// --- Errors: the summary gets the focus, and its links lead into the fields

function focusErrors(root) {
  root.querySelector?.("[data-autofocus]")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a");
  if (!link) return;
  const target = document.getElementById(link.hash.slice(1));
  const field = target?.matches("fieldset") ? target.querySelector("input") : target;
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.closest(".field")?.scrollIntoView({ block: "center" });
});

// --- Charts, maps and the live channel come only to the pages that have them

async function furnish(root) {
  const charts = root.querySelectorAll("figure[data-chart]:not([data-drawn])");
  if (charts.length) (await import(modules.charts)).draw(charts, modules);
  const maps = root.querySelectorAll(".map[data-map]:not([data-drawn])");
  if (maps.length) (await import(modules.map)).draw(maps, modules);
}

document.addEventListener("htmx:load", (event) => furnish(event.detail.elt));
focusErrors(document);
furnish(document);
if (document.body.dataset.liveToken) {
  const { listen } = await import(modules.live);
  listen(document.body.dataset.liveUrl, document.body.dataset.liveToken);
}
const ending = document.getElementById("session-end");
if (ending) (await import(modules.session)).watch(ending);
