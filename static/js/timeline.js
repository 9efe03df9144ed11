// The timeline by keyboard: one row is a stop of Tab; up and down go over the rows, left and right over what is in
// a row, Home and End to the first and the last row. Without script every line and bar is an ordinary link.
const LINKS = ".gantt tbody tr:not(.group) a";

const rows = () => [...document.querySelectorAll(".gantt tbody tr:not(.group)")];
const linksOf = (row) => [...row.querySelectorAll("a")];

function stopAt(wanted) {
  for (const link of document.querySelectorAll(LINKS)) link.setAttribute("tabindex", link === wanted ? "0" : "-1");
}

// where the months do not fit, the present one comes into sight
function showToday() {
  const frame = document.querySelector("#timeline .frame");
  const now = frame?.querySelector(".lane > .now");
  if (!now || frame.scrollWidth <= frame.clientWidth) return;
  const place = now.getBoundingClientRect().left - frame.getBoundingClientRect().left;
  frame.scrollLeft += place - frame.clientWidth * 0.7;
}

function settle() {
  showToday();
  const first = document.querySelector(LINKS);
  if (first && !document.querySelector(`${LINKS}[tabindex="0"]`)) stopAt(first);
}

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.(LINKS);
  if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const all = rows();
  const row = link.closest("tr");
  const place = all.indexOf(row);
  const inRow = linksOf(row);
  const rowOf = { ArrowUp: all[place - 1], ArrowDown: all[place + 1], Home: all[0], End: all.at(-1) };
  let target;
  if (event.key in rowOf) target = rowOf[event.key] && linksOf(rowOf[event.key])[0];
  else if (event.key === "ArrowRight") target = inRow[inRow.indexOf(link) + 1];
  else if (event.key === "ArrowLeft") target = inRow[inRow.indexOf(link) - 1];
  else return;
  event.preventDefault();
  if (!target) return;
  stopAt(target);
  target.focus();
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(LINKS)) stopAt(target);
});
document.addEventListener("htmx:afterSettle", settle);
settle();
