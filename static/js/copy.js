// <button data-copies="id" data-copied="…"> puts the field's value on the clipboard and says so; where the browser
// refuses, the value is marked, ready for the keyboard.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.focus();
    field.select();
    document.dispatchEvent(
      new CustomEvent("toast", { detail: { text: "Браузер не дал скопировать. Текст выделен: скопируйте его сами.", icon: "late", stays: true } }),
    );
    return;
  }
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied } }));
});
