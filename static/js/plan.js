// The plan page: prints itself; Esc closes the panel of a line, and focus goes back to its row.
// Without script the same links load the page.
let left = "";

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) window.print();
  left = target.closest("[data-escape]")?.dataset.escape ?? "";
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open], details.menu[open]")) return;
  const close = document.querySelector(".line-panel [data-escape]");
  if (close?.checkVisibility()) {
    event.preventDefault();
    close.click();
  }
});

document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
  if (target.id !== "plan-body") return;
  const panel = document.querySelector(".line-panel");
  if (!panel && left) document.querySelector(`#${left} a`)?.focus();
  // where the panel is a page of its own it begins at the top
  if (panel && !panel.querySelector("[data-escape]").checkVisibility()) window.scrollTo(0, 0);
});
