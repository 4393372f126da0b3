// The list of findings: the gravest first, each with its place, its fix, and where it is drawn.
import { byId } from "../data";
import type { Checked, Finding } from "./api";
import type { Diagram } from "./diagram";
import type { Editor } from "./editor";
import { button, made, plain, told } from "./words";

const LEVELS = ["error", "warning", "advice"] as const;
/** What tells a level without its colour, as in the picture. */
const BADGES = { error: "✖", warning: "▲", advice: "◆" };

export class Findings {
  private readonly list = byId("list");

  constructor(
    private readonly editor: Editor,
    private readonly diagram: Diagram,
  ) {}

  show(checked: Checked): void {
    // Whoever is on a button of the list finds themselves at the same one of the next.
    const at = [...this.list.querySelectorAll<HTMLElement>("button, a")].findIndex((it) => it === document.activeElement);
    const { findings, summary } = checked.report;
    const sorted = LEVELS.flatMap((level) => findings.filter((it) => it.level === level));
    const cards = sorted.map((it) => this.card(it, checked));
    if (summary.omitted > 0) cards.push(made("p", "more", `And ${summary.omitted} more.`));
    if (cards.length === 0) cards.push(made("p", "", summary.components === 0 ? "Nothing is drawn yet: an example shows how." : "Nothing is found."));
    this.list.replaceChildren(...cards);
    const opened = new Set([...byId("rules").querySelectorAll("details[open]")].map((it) => it.id));
    byId("rules").innerHTML = checked.rules;
    for (const rule of byId("rules").querySelectorAll("details")) rule.open = opened.has(rule.id);
    if (at >= 0) ([...this.list.querySelectorAll<HTMLElement>("button, a")][at] ?? this.list.closest<HTMLElement>("[role=tabpanel]"))?.focus();
  }

  private card(finding: Finding, { shapes }: Checked): HTMLElement {
    const { code, name, level, span, file, fix, element } = finding;
    const head = made("h3", level, made("span", "badge", BADGES[level], " "), made("span", "unseen", `${level} `), `${code} ${name}`);
    head.firstElementChild!.setAttribute("aria-hidden", "true");
    const ways = made("p", "ways");
    if (file === this.editor.name) ways.append(button(`Line ${span.line}`, () => this.editor.goTo(span.start, span.end)));
    else ways.append(made("span", "place", `${file}:${span.line}`));
    if (fix && this.editor.isTakable(finding)) {
      const take = button(`Fix: ${plain(fix.title)}`, () => this.editor.take(finding));
      if (!fix.safe) take.title = "It makes a choice in your place: look at what it writes";
      ways.append(take);
    }
    const shape = shapes.find((it) => it.element === element);
    if (shape) ways.append(button("Show", () => this.diagram.point(shape.id)));
    const why = made("a", "", "why it matters");
    why.href = `#rule-${code}`;
    ways.append(why);
    const card = made("article", "finding", head, ...told(finding), ways);
    card.dataset.level = level;
    return card;
  }
}
