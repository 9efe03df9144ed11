// A table pasted into the field: beside its text the form sends how its program formats it (text/html), which knows
// merged cells. What was taken is said in few words. Without script the plain text is sent.
const MOST = 4_000_000; // characters; a longer piece is sent as plain text
const plural = new Intl.PluralRules("ru");
const counted = (count, forms) => `${count} ${forms[{ one: 0, few: 1 }[plural.select(count)] ?? 2]}`;

const field = document.querySelector("[data-paste]");
const hidden = field && document.getElementById(field.dataset.paste);
let isPasting = false;
let isChanged = false; // after a table was pasted, by hand

function summary() {
  let said = document.getElementById("pasted");
  if (!said) {
    said = document.createElement("p");
    said.id = "pasted";
    said.className = "small mt-2";
    said.setAttribute("role", "status");
    field.after(said);
  }
  return said;
}

// rows and columns of the largest table in it; the document is never shown, so nothing in it is loaded or run
function sizeOf(html) {
  const tables = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("table")];
  const sizes = tables.map(({ rows }) => ({
    rows: rows.length,
    columns: Math.max(0, ...[...rows].map(({ cells }) => [...cells].reduce((sum, cell) => sum + cell.colSpan, 0))),
  }));
  return sizes.sort((a, b) => b.rows - a.rows)[0];
}

function sizeOfText(text) {
  const rows = text.split("\n").filter((line) => line.includes("\t"));
  return rows.length > 1 ? { rows: rows.length, columns: Math.max(...rows.map((row) => row.split("\t").length)) } : null;
}

function tell(size) {
  summary().textContent = size
    ? `Таблица: ${counted(size.rows, ["строка", "строки", "строк"])}, ${counted(size.columns, ["столбец", "столбца", "столбцов"])}`
    : "";
}

field?.addEventListener("paste", ({ clipboardData }) => {
  const html = clipboardData.getData("text/html");
  const goesOn = field.value.trim() !== "" && field.selectionEnd - field.selectionStart < field.value.length;
  const whole = goesOn && hidden.value ? `${hidden.value}\n${html}` : html;
  const size = html && sizeOf(html);
  isPasting = true;
  // beside text that was typed before a table of the clipboard would be only a part
  hidden.value = size && whole.length <= MOST && !(goesOn && !hidden.value) ? whole : "";
  setTimeout(() => {
    isPasting = false;
    isChanged = false;
    tell(size || sizeOfText(field.value));
  });
});

field?.addEventListener("input", () => {
  if (isPasting) return;
  isChanged = field.value.trim() !== "" && (isChanged || hidden.value !== "");
  hidden.value = "";
  if (isChanged) summary().textContent = "Текст изменён: портал прочитает его так, как он стоит в поле.";
  else tell(sizeOfText(field.value));
});
