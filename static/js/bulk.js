// Several rows at once: mark all of the page, and how many are marked.
//   <form data-bulk="срок,срока,сроков"> with boxes in it or with form="its id"
const plural = new Intl.PluralRules("ru");

const marks = (form) => [...form.elements].filter((one) => one.type === "checkbox" && !("all" in one.dataset));

function words(form, count) {
  const forms = (form.dataset.bulk || "срок,срока,сроков").split(",");
  return `${count} ${forms[{ one: 0, few: 1 }[plural.select(count)] ?? 2]}`;
}

function tell(form) {
  const marked = marks(form).filter((mark) => mark.checked).length;
  const count = form.querySelector("[data-count]");
  if (count) count.textContent = marked ? `Отмечено: ${words(form, marked)}` : "С отмеченными:";
  const all = form.querySelector("[data-all]");
  if (!all) return;
  all.hidden = false;
  all.checked = marked > 0 && marked === marks(form).length;
  all.indeterminate = marked > 0 && !all.checked;
}

const prepare = () => document.querySelectorAll("[data-bulk]").forEach(tell);

document.addEventListener("change", ({ target }) => {
  const { form } = target;
  if (form?.dataset.bulk === undefined) return;
  if ("all" in target.dataset) for (const mark of marks(form)) mark.checked = target.checked;
  tell(form);
});
document.addEventListener("htmx:afterSettle", prepare);
window.addEventListener("pageshow", prepare);
prepare();
