// A review is worked through by key: what carries data-key is pressed by it.
const texts = document.getElementById("announcer");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, .menu-panel")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  const field = wanted.dataset.needs && document.getElementById(wanted.dataset.needs);
  if (field && field.value.trim().length < 10) {
    field.focus(); // the words first, then the button again
    field.dataset.then = wanted.value;
    return;
  }
  wanted.click();
});

// Ctrl and Enter in the comment sends what was pressed before it
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches(".judge textarea")) return;
  const then = event.target.dataset.then ?? "needs_explanation";
  event.target.form.querySelector(`button[value="${then}"]`)?.click();
});

// The next line is said aloud and stands in sight in the list
document.addEventListener("htmx:afterSettle", () => {
  const line = document.getElementById("line");
  if (!line) return;
  document.querySelector(".review-list [aria-current]")?.scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-autofocus]")) return;
  line.focus({ preventScroll: true });
  if (texts) texts.textContent = `${line.textContent}. ${document.querySelector(".review-deed")?.textContent ?? ""}`;
});
document.querySelector(".review-list [aria-current]")?.scrollIntoView({ block: "nearest" });
