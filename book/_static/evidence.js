// From a number to its sentences, and with one key back to the very place: what was open, how far down, on which link.
// What has to be remembered stands in the entry of the browser's history; so its own Back button does the same.
(() => {
  const HANDED = "evidence"; // what a page hands over to the document that one of its links opens
  const all = (selector) => [...document.querySelectorAll(`main ${selector}`)];
  const address = (link) => new URL(link.getAttribute("href"), location.href);
  const note = (state) => history.replaceState(state, "");
  const before = history.state; // read now: a script of the theme, which marks words searched for, empties it

  function leave(event) {
    const link = event.target.closest?.("main a[href]");
    if (!link) return;
    const open = all("details").flatMap((part, number) => (part.open ? [number] : []));
    const place = { open, down: scrollY, link: all("a[href]").indexOf(link) };
    note({ ...history.state, place });
    history.scrollRestoration = "manual";
    const { pathname, hash } = address(link);
    if (pathname === location.pathname || !hash) return;
    const listed = [...(link.closest("ol")?.querySelectorAll("a[href]") ?? [])].map(address);
    const also = listed.filter((other) => other.pathname === pathname).map((other) => other.hash.slice(1));
    sessionStorage.setItem(HANDED, JSON.stringify({ pathname, also }));
  }

  function restore({ open, down, link }) {
    const parts = all("details");
    open.forEach((number) => parts[number]?.setAttribute("open", ""));
    all("a[href]")[link]?.focus({ preventScroll: true });
    scrollTo({ top: down, behavior: "instant" });
  }

  function arrive() {
    const handed = JSON.parse(sessionStorage.getItem(HANDED));
    sessionStorage.removeItem(HANDED);
    const opened = !before?.steps && handed?.pathname === location.pathname;
    note(opened ? { steps: 1, also: handed.also } : before);
    if (history.state?.steps) offerWayBack(history.state.also);
    if (history.state?.place) restore(history.state.place);
  }

  function offerWayBack(also) {
    let { steps } = history.state;
    const goBack = () => history.go(-steps);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "way-back", onclick: goBack });
    button.innerHTML = "Back to where you were <kbd>Esc</kbd>";
    button.setAttribute("aria-keyshortcuts", "Escape");
    document.querySelector("article").prepend(button);
    also.forEach((id) => document.getElementById(id)?.classList.add("also"));
    addEventListener("keydown", (event) => {
      const busy = event.target.closest?.("dialog, input, textarea, select") || document.querySelector("dialog[open]");
      if (event.key === "Escape" && !busy) goBack();
    });
    addEventListener("popstate", () => {
      // to another sentence of the same page, or back from there
      if (history.state?.steps) steps = history.state.steps;
      else note({ steps: ++steps, also });
    });
  }

  // What is wider than its place, such as a figure on a phone, is scrolled by keys too.
  function letKeysScroll() {
    for (const part of all(":is(.plot, .math)")) {
      const caption = part.closest("figure")?.querySelector("figcaption")?.firstChild?.textContent.trim();
      const names = { tabindex: 0, role: caption ? "region" : "group", "aria-label": caption || "Formula" };
      const set = part.scrollWidth > part.clientWidth && part.clientWidth > 0;
      for (const [name, value] of Object.entries(names)) set ? part.setAttribute(name, value) : part.removeAttribute(name);
    }
  }

  addEventListener("click", leave, true);
  addEventListener("resize", letKeysScroll);
  addEventListener("toggle", () => dispatchEvent(new Event("resize")), true); // what is unfolded is measured like the rest
  addEventListener("DOMContentLoaded", () => {
    letKeysScroll();
    arrive();
  });
})();
