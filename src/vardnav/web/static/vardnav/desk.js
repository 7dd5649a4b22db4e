// Choosing rows of a desk's list: by mouse, by key, and kept when news is swapped in.

function boxes(form) {
  return [...form.querySelectorAll("input[name=person]")];
}

function show(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const count = form.querySelector("[data-chosen-count]");
  if (count) {
    count.hidden = false;
    count.textContent = chosen ? count.dataset.textSome.replace("{n}", chosen) : count.dataset.textNone;
  }
  const every = form.querySelector("[data-choose-all]");
  if (every) {
    every.hidden = false;
    every.checked = chosen > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }
}

function furnish(root) {
  for (const form of root.querySelectorAll("form[data-choosing]")) show(form);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choosing]");
  if (!form) return;
  if (event.target.matches("[data-choose-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
  show(form);
});

// x chooses the row one stands in, d goes to the doctors

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  if (event.key === "x") {
    const box = event.target.closest("tr")?.querySelector("input[name=person]");
    if (!box) return;
    event.preventDefault();
    box.click();
  }
  if (event.key === "d") {
    const doctor = document.querySelector("form[data-choosing] select[name=doctor]");
    if (!doctor) return;
    event.preventDefault();
    doctor.focus();
  }
});

// News replaces the list; who was chosen stays chosen

let kept = new Set();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.target.matches("[data-keep-chosen]")) return;
  kept = new Set([...event.detail.target.querySelectorAll("input[name=person]:checked")].map((box) => box.value));
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.detail.target.matches("[data-keep-chosen]")) return;
  for (const box of event.detail.target.querySelectorAll("input[name=person]")) box.checked = kept.has(box.value);
  furnish(event.detail.target);
});

furnish(document);
