// Ways from one part of the page to another.
import { listAll } from "./filters";

/** Goes to an element, opens what it is folded in, and gives it the focus. */
export function goTo(id: string): void {
  const target = document.getElementById(id);
  if (!target) return;
  if (target.closest("[hidden]")) listAll();
  for (let fold = target.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
  if (location.hash !== `#${id}`) history.pushState(null, "", `#${id}`);
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: target.clientHeight > innerHeight ? "start" : "center" });
  point(target);
}

/** Marks what was gone to, and nothing else. */
export function point(target: Element): void {
  for (const other of document.querySelectorAll(".pointed")) other.classList.remove("pointed");
  target.classList.add("pointed");
}

/** Of paper all is seen: folds are opened for it, and closed again. The lines of the text are told by their place. */
export function unfoldForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open], .text)")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
}
