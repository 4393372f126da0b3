// Tabs, as the keyboard expects them: one stop, arrows from one to the next.
import { byId } from "../data";

export class Tabs {
  private readonly tabs: HTMLElement[];

  constructor(list: HTMLElement, private readonly chosen: (panel: string) => void) {
    this.tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.choose(panelOf(tab)));
    list.addEventListener("keydown", (key) => this.typed(key));
  }

  /** The panel that is seen. */
  get shown(): string {
    return panelOf(this.tabs.find((it) => it.getAttribute("aria-selected") === "true")!);
  }

  choose(panel: string): void {
    for (const tab of this.tabs) {
      const isChosen = panelOf(tab) === panel;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(panelOf(tab)).hidden = !isChosen;
    }
    this.chosen(panel);
  }

  private typed(key: KeyboardEvent): void {
    const there = this.tabs.filter((it) => !it.hidden);
    const at = there.findIndex((it) => it === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[key.key];
    if (to === undefined) return;
    key.preventDefault();
    const tab = there[(to + there.length) % there.length]!;
    this.choose(panelOf(tab));
    tab.focus();
  }
}

function panelOf(tab: HTMLElement): string {
  return tab.getAttribute("aria-controls")!;
}
