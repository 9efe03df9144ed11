// The bell: its number is asked for once the page stands, then every so often while the page is looked at.
// What came meanwhile is announced politely; an open panel stays as it is and offers to show the new.
// Asked with fetch, not htmx: an answer that fails is no matter for the person, the next one comes by itself.
//   <p data-bell-said="address" data-seconds="60" role="status">
const said = document.querySelector("[data-bell-said]");
const SLOWEST = 15 * 60;

let newest = null; // the latest reminder known to this page; null before the first answer
let timer = 0;
let pause = Number(said?.dataset.seconds);
let ended = false; // logged out, or no right any more: never asked again

function show(told) {
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.querySelector("[data-bell-number]").textContent = told.number;
    bell.setAttribute("aria-label", told.words);
  }
  if (newest !== null && told.newest > newest) {
    const more = document.querySelector("dialog[open] [data-bell-more]");
    if (more) more.hidden = false;
    else said.textContent = `Пришло новое. ${told.words}`;
  }
  newest = Math.max(newest ?? 0, told.newest);
}

async function ask() {
  clearTimeout(timer);
  if (ended || document.hidden) return; // asked again when the page is looked at
  try {
    const answer = await fetch(said.dataset.bellSaid, { redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.ok) {
      show(await answer.json());
      pause = Number(said.dataset.seconds);
    } else if (answer.status >= 500 || answer.status === 429) {
      pause = Math.min(pause * 2, SLOWEST); // the portal is busy
    } else {
      ended = true; // also when it leads to log-in
      show({ number: "", words: "Напоминания", newest: 0 });
    }
  } catch {
    // no network, or the page is being left: the next time
  }
  if (ended) return;
  clearTimeout(timer);
  timer = setTimeout(ask, pause * 1000);
}

if (said) {
  for (const bell of document.querySelectorAll("[data-bell]")) bell.setAttribute("aria-haspopup", "dialog");
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", ({ persisted }) => persisted && ask());
  document.addEventListener("bell", ({ detail }) => show(detail)); // HX-Trigger of the panel
  // a click beside the panel closes it, as it does menus
  document.addEventListener("click", ({ target }) => {
    if (target.matches("dialog[open]:has([data-bell-panel])")) target.close();
  });
  ask();
}
