// Toasts: ten seconds, held while someone points at one or has focus in it; announced by role=status.
// Shown for messages the server put into the page and for the event `toast` (also by HX-Trigger):
//   {"toast": {"text": "Срок 2.5 принят", "icon": "done"}}
const LIFETIME = 10_000;

const area = () => document.getElementById("toasts");

function start(toast) {
  let left = LIFETIME;
  let since = 0;
  let timer = 0;
  const run = () => {
    since = performance.now();
    timer = setTimeout(() => toast.remove(), left);
  };
  const hold = () => {
    clearTimeout(timer);
    left = Math.max(left - (performance.now() - since), 2000);
  };
  const release = () => {
    if (!toast.matches(":hover, :focus-within")) run();
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", () => setTimeout(release));
  toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
  if (!("stays" in toast.dataset)) run();
}

function show({ text, icon = "done", stays = false }) {
  const template = document.getElementById("toast-template");
  if (!template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-text]").textContent = text;
  const use = toast.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
  toast.dataset.adopted = "";
  if (stays) toast.dataset.stays = "";
  for (const same of area().querySelectorAll(".toast")) {
    if (same.textContent.trim() === toast.textContent.trim()) same.remove();
  }
  area().append(toast);
  start(toast);
}

// what stood in the page before the region was watched is put in again, so that it is read out
function adopt() {
  for (const toast of area()?.querySelectorAll(".toast:not([data-adopted])") ?? []) {
    toast.dataset.adopted = "";
    toast.remove();
    setTimeout(() => {
      area().append(toast);
      start(toast);
    }, 100);
  }
}

document.addEventListener("toast", (event) => show(event.detail));
document.addEventListener("htmx:oobAfterSwap", adopt);
adopt();
