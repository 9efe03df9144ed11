// An htmx request that did not succeed says what to do, in a toast that stays until it is closed.
const WORDS = {
  400: "Сервер не понял запрос. Обновите страницу и повторите.",
  401: "Сеанс закончился. Войдите снова: введённое на этой странице останется, если войти в другой вкладке.",
  403: "На это действие у вас нет права. Обратитесь к администратору муниципалитета.",
  404: "Этой записи больше нет. Обновите страницу.",
  409: "Запись изменил кто-то другой. Обновите страницу, чтобы увидеть изменения, и внесите свои снова.",
  413: "Файл слишком большой. Уменьшите его или приложите ссылку.",
  429: "Слишком много запросов подряд. Подождите минуту и повторите.",
};
const SERVER = "На сервере произошла ошибка, изменения не сохранены. Повторите через минуту.";
const NETWORK = "Нет связи с порталом. Проверьте подключение и повторите: введённое осталось на странице.";
const SLOW = "Портал не успел ответить. Повторите через минуту.";

const say = (text) =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, icon: "late", stays: true } }));

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  // the server may know better words for this case
  const own = xhr.getResponseHeader("X-Message");
  say((own && decodeURIComponent(own)) || WORDS[xhr.status] || (xhr.status >= 500 ? SERVER : WORDS[400]));
});
document.addEventListener("htmx:sendError", () => say(NETWORK));
document.addEventListener("htmx:timeout", () => say(SLOW));

// a region that is being replaced is busy, also for those who do not see it
document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.target?.removeAttribute("aria-busy"));
