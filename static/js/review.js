// The preview of a document: from one unsure row to the next by keys, forms saved and left by keys, focus never lost.
// Every verb is an ordinary link or form; here they get keys. Letters work only while focus is in the rows.
let here = null; // the row that was worked on last, by its id: a correction puts another in its place
let onward = 0; // the way a person wants to go once more rows have come

const draft = () => document.getElementById("draft");
const rowOf = (element) => element?.closest?.("#draft :is(tr[id], #facts)");
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const inAWay = () => document.querySelector("dialog[open], details.menu[open]") !== null;

function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

// what the row asks for first: its finding's first verb, else its own
function focusRow(row) {
  const first = row.querySelector(".finding :is(a, button), form :is(input, textarea):not([type=hidden]), .row-acts :is(a, button)");
  row.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
}

function step(way) {
  const unsure = [...document.querySelectorAll("#draft [data-unsure]")];
  const row = document.getElementById(here ?? "");
  const isBeyond = (other) =>
    !row || row.compareDocumentPosition(other) & (way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING);
  const next = way > 0 ? unsure.find(isBeyond) : unsure.findLast(isBeyond);
  if (next) {
    focusRow(next);
    return;
  }
  const more = document.getElementById("more");
  if (way > 0 && more) {
    onward = way;
    window.htmx.trigger(more, "further");
    return;
  }
  if (way > 0 && unsure.length && unsure[0] !== row) {
    focusRow(unsure[0]); // round to the first one
    return;
  }
  say(unsure.length ? "Других неуверенных строк нет." : "Неуверенных строк нет: всё решено.");
}

document.addEventListener("focusin", ({ target }) => {
  here = rowOf(target)?.id ?? here;
});
document.addEventListener("click", (event) => {
  here = rowOf(event.target)?.id ?? here;
  const stepper = event.target.closest("#draft [data-step]");
  if (stepper && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    event.stopPropagation();
    step(Number(stepper.dataset.step));
  }
}, true);

document.addEventListener("keydown", (event) => {
  const { target, code, key } = event;
  if (!(target instanceof Element) || !draft() || inAWay()) return;
  const row = rowOf(target);
  if (isTyping(target)) {
    const form = target.closest(".fix, #facts form");
    if (!form || event.isComposing) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (key === "Escape" && target.tagName !== "SELECT") {
      event.preventDefault();
      form.querySelector("[data-cancel]")?.click();
    }
    return;
  }
  const isInRows = row || (target === document.body && here);
  const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  const way = { ArrowDown: 1, ArrowUp: -1 }[code];
  if (event.altKey && way && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    step(way);
  } else if (isInRows && isPlain && (code === "KeyJ" || code === "KeyK")) {
    event.preventDefault();
    step(code === "KeyJ" ? 1 : -1);
  } else if (row && isPlain && code === "KeyE") {
    event.preventDefault();
    row.querySelector(".row-acts > a")?.click();
  } else if (isInRows && isPlain && code === "KeyZ") {
    event.preventDefault();
    document.getElementById("undo")?.click();
  }
});

// only rows that are on the page are sent back, and none in which something is being typed
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "post" || !draft()?.contains(detail.elt)) return;
  const rows = [...document.querySelectorAll("#draft tr[id]")].filter((row) => !row.querySelector(".fix, .reading-form"));
  detail.parameters.seen = rows.map((row) => row.id).join(",");
});

document.addEventListener("htmx:afterSettle", () => {
  if (onward && !document.querySelector("#more.htmx-request")) {
    const way = onward;
    onward = 0;
    step(way);
    return;
  }
  // what had focus has gone with the answer
  if (document.activeElement === document.body && here) {
    const row = document.getElementById(here);
    if (row) focusRow(row);
    else document.querySelector("#draft [data-step]")?.focus();
  }
});
