// The plan page: prints itself; the row whose line is open beside the table is marked; Esc closes the panel, and focus
// goes back to the row. Without script the same links load the page.
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

function mark(id) {
  for (const row of document.querySelectorAll(".plan tr.open")) {
    row.classList.remove("open");
    row.querySelector("a[aria-current]")?.removeAttribute("aria-current");
  }
  const row = id && document.getElementById(id);
  row?.classList.add("open");
  row?.querySelector(".title a")?.setAttribute("aria-current", "true");
}

document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
  const panel = document.querySelector(".line-panel");
  if (target.id !== "line") return;
  mark(panel?.dataset.line);
  if (!panel && left) document.querySelector(`#${left} a`)?.focus();
  // where the panel is a page of its own it begins at the top
  if (panel && !panel.querySelector("[data-escape]").checkVisibility()) window.scrollTo(0, 0);
});
