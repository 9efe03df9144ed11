// Forms: a changed one warns before the page is left; the second press of a sending button does nothing;
// after a failed check focus goes to the list of errors.
const changed = new Set();
const guarded = (target) => target.closest?.("form[method='post' i]:not([data-unguarded])");

document.addEventListener("input", ({ target }) => {
  const form = guarded(target);
  if (form && target.type !== "hidden") changed.add(form);
});
document.addEventListener("reset", ({ target }) => changed.delete(target));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  changed.delete(form);
  // htmx sends its own forms itself and may refuse the answer, so they can be sent again
  if (form.method === "post" && !form.closest("[hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]")) {
    setTimeout(() => {
      if (!event.defaultPrevented) form.dataset.sending = "1";
    });
  }
});
// coming back by the browser's button must find a form that can be sent
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
document.addEventListener("htmx:responseError", ({ detail: { elt } }) => {
  const form = guarded(elt);
  if (form) changed.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected && !form.closest("dialog:not([open])"))) event.preventDefault();
});

// A page, and what is brought into one, say by data-focus where reading begins: once, as the page stays and more is
// brought. Not by autofocus: of what is brought htmx and the browser would both follow it.
function takeFocus(root) {
  const first = root.querySelector("[data-errors]") ?? root.querySelector("[data-focus]");
  for (const mark of ["data-errors", "data-focus"]) first?.removeAttribute(mark);
  first?.focus();
}
document.addEventListener("htmx:afterSettle", ({ target, detail }) => takeFocus(detail.target.isConnected ? detail.target : target));
takeFocus(document);
