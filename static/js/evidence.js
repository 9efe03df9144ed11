// Evidence of a report: files dropped onto the frame are chosen, an upload tells how far it is and can be stopped.
// The list itself comes from the server; without script the same form is sent by its buttons.
const field = () => document.querySelector("[data-drop] input[type=file]");
const said = (text) => {
  const status = document.querySelector("[data-drop] [data-said]");
  if (status) status.textContent = text;
};

function busy(isBusy) {
  const frame = document.querySelector("[data-drop]");
  if (!frame) return;
  frame.querySelector("progress").hidden = !isBusy;
  frame.querySelector("[data-stop]").hidden = !isBusy;
}

document.addEventListener("dragover", (event) => {
  const frame = event.target.closest?.("[data-drop]");
  if (!frame || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  frame.classList.add("over");
});
document.addEventListener("dragleave", ({ target }) => target.closest?.("[data-drop]")?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const frame = event.target.closest?.("[data-drop]");
  if (!frame || !event.dataTransfer.files.length) return;
  event.preventDefault();
  frame.classList.remove("over");
  field().files = event.dataTransfer.files;
  field().dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  if (elt !== field()) return;
  busy(true);
  said("Файлы загружаются");
});
document.addEventListener("htmx:xhr:progress", ({ detail }) => {
  const bar = document.querySelector("[data-drop] progress");
  if (bar && detail.lengthComputable) bar.value = (detail.loaded / detail.total) * 100;
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-stop]")) window.htmx.trigger(field(), "htmx:abort");
});
document.addEventListener("htmx:xhr:abort", () => {
  busy(false);
  said("Загрузка остановлена");
});
document.addEventListener("htmx:responseError", () => busy(false));
document.addEventListener("htmx:sendError", () => busy(false));

// the answer brings the whole part anew: focus goes back to where the next thing is added
document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
  if (target.id !== "evidence") return;
  const bad = target.querySelector("[aria-invalid], .bad, [role=alert]");
  said(bad ? "" : "Список подтверждений обновлён");
  (target.querySelector("[aria-invalid]") ?? field())?.focus();
});
