// Dialogs are <dialog>: the browser keeps focus inside and gives it back, Esc closes.
//   <a href="…" data-opens="id">      opens <dialog id="id">; without script the link leads to a page that asks
//   <button type="button" data-closes> closes the dialog it stands in
//   hx-target="#dialog"                fills and opens the page's own empty dialog
// HX-Trigger: {"closeDialog": true} closes it.
const open = (dialog) => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[data-safe]")?.focus(); // autofocus in a closed dialog would be weighed at every page load
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      open(dialog);
    }
    return;
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id === "dialog" && target.childElementCount) open(target);
});
document.addEventListener("closeDialog", () => document.getElementById("dialog")?.close());
