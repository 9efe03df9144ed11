// Menus are <details class="menu">: they open without script; here they close by Esc, by a click or
// a step of focus elsewhere.
document.documentElement.classList.add("js");

const openMenus = () => document.querySelectorAll("details.menu[open], .tabbar details[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("focusin", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
