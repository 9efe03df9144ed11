// Several rows at once: mark all of the page, and how many are marked.
const plural = new Intl.PluralRules("ru");
const WORDS = { one: "срок", few: "срока" };

const marks = (form) => [...form.querySelectorAll("input[name=due]")];

function tell(form) {
  const marked = marks(form).filter((mark) => mark.checked).length;
  const count = form.querySelector("[data-count]");
  if (count) count.textContent = marked ? `Отмечено: ${marked} ${WORDS[plural.select(marked)] ?? "сроков"}` : "С отмеченными:";
  const all = form.querySelector("[data-all]");
  if (!all) return;
  all.hidden = false;
  all.checked = marked > 0 && marked === marks(form).length;
  all.indeterminate = marked > 0 && !all.checked;
}

const prepare = () => document.querySelectorAll("[data-bulk]").forEach(tell);

document.addEventListener("change", ({ target }) => {
  const form = target.closest?.("[data-bulk]");
  if (!form) return;
  if ("all" in target.dataset) for (const mark of marks(form)) mark.checked = target.checked;
  tell(form);
});
document.addEventListener("htmx:afterSettle", prepare);
window.addEventListener("pageshow", prepare);
prepare();
