// The month by keyboard: one day is a stop of Tab, arrows go over the days, Home and End to the ends of the week,
// PageUp and PageDown to the neighbouring months; Enter opens the day, as the link that it is.
// Without script every day is an ordinary link.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const cellOf = (link) => link.closest("td");
const isoOf = (link) => link.id.slice(2);
const days = () => [...document.querySelectorAll(".month .d")].filter((link) => link.checkVisibility());
const isList = () => getComputedStyle(cellOf(days()[0])).display === "block"; // as a phone shows it

function stopAt(wanted) {
  for (const link of document.querySelectorAll(".month .d")) link.tabIndex = link === wanted ? 0 : -1;
}

function settle() {
  const all = days();
  if (!all.length) return;
  const asked = document.querySelector(".month .d:target"); // the browser itself puts the focus there
  const inside = all.filter((link) => !cellOf(link).matches(".out"));
  stopAt(all.includes(asked) ? asked : (inside.find((link) => link.ariaCurrent) ?? inside[0] ?? all[0]));
}

function shifted(iso, count) {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
}

// the same day of another month, or that month's last
function inMonth(iso, count) {
  const [year, month, day] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + count, Math.min(day, last))).toISOString().slice(0, 10);
}

function leave(rel, iso) {
  const link = document.querySelector(`.cal-steps [rel=${rel}]`);
  if (link) location.href = `${link.href}#d-${iso}`;
}

function targetOf(key, link, all) {
  const place = all.indexOf(link);
  if (isList()) return all[{ ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: all.length - 1 }[key] ?? -1];
  if (key === "Home") return all[place - (place % 7)];
  if (key === "End") return all[place - (place % 7) + 6];
  return all[place + STEPS[key]];
}

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.(".month .d");
  const { key } = event;
  if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(key in STEPS) && !["Home", "End", "PageUp", "PageDown"].includes(key)) return;
  event.preventDefault();
  if (key === "PageUp") leave("prev", inMonth(isoOf(link), -1));
  else if (key === "PageDown") leave("next", inMonth(isoOf(link), 1));
  else {
    const target = targetOf(key, link, days());
    if (target) {
      stopAt(target);
      target.focus();
    } else if (!isList()) leave(STEPS[key] < 0 ? "prev" : "next", shifted(isoOf(link), STEPS[key]));
  }
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(".month .d")) stopAt(target);
});
document.addEventListener("htmx:afterSettle", settle);
settle();
