// The table of a plan while its rows are changed: a row is dragged by its handle; for the keyboard there are buttons.
// Both send the form #moves. Which button was pressed htmx does not know of buttons outside of their form.
let dragged = null;

const rowOf = (target) => target.closest?.(".plan.is-editing tbody tr");
const isLine = (row) => /^a\d+$/.test(row?.id ?? "");
const clear = () => document.querySelectorAll(".drop-above, .drop-below").forEach((row) => row.classList.remove("drop-above", "drop-below"));

// where a row dropped here goes: behind a line, or first below a heading; null where it cannot go
function placeAt(row, y) {
  if (!row || row === dragged) return null;
  const { top, height } = row.getBoundingClientRect();
  const isAbove = isLine(row) && y < top + height / 2;
  let behind = isAbove ? row.previousElementSibling : row;
  while (behind && !isLine(behind) && !behind.classList.contains("group")) behind = behind.previousElementSibling;
  let heading = behind;
  while (heading && !heading.classList.contains("group")) heading = heading.previousElementSibling;
  if (behind === dragged) return null;
  return { isAbove, above: isLine(behind) ? behind.id.slice(1) : "", section: heading?.id.slice(1) ?? "" };
}

document.addEventListener("dragstart", (event) => {
  if (!event.target.closest?.(".handle")) return;
  dragged = rowOf(event.target);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector(".title")?.textContent.trim() ?? "");
  event.dataTransfer.setDragImage(dragged, 0, 0);
  dragged.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const row = dragged && rowOf(event.target);
  const place = row && placeAt(row, event.clientY);
  clear();
  if (!place) return;
  event.preventDefault();
  row.classList.add(place.isAbove ? "drop-above" : "drop-below");
});

document.addEventListener("drop", (event) => {
  const form = document.getElementById("moves");
  const place = dragged && form && placeAt(rowOf(event.target), event.clientY);
  if (!place) return;
  event.preventDefault();
  form.elements.row.value = dragged.id.slice(1);
  form.elements.section.value = place.section;
  form.elements.above.value = place.above;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  clear();
  dragged?.classList.remove("is-dragged");
  dragged = null;
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const button = detail.triggeringEvent?.submitter;
  if (detail.elt.id === "moves" && button?.name) detail.parameters[button.name] = button.value;
});
