// The picture beside the text: drawn anew as the text changes, with ways from what is drawn to where it is written.
import { byId } from "../data";
import { Painter } from "../painter";
import { Camera } from "../viewer/camera";
import { showBeside } from "../viewer/card";
import { better, reading, type Way } from "../viewer/layout";
import { fitLetters } from "../viewer/letters";
import { widen } from "../viewer/reach";
import type { Checked, Shape } from "./api";
import { see } from "./layout";
import { made, sentence, worded } from "./words";

/** How long a picture may take, in milliseconds. */
const PATIENCE = 20_000;
/** Findings that are told of a shape, at most. */
const MOST_TOLD = 4;
const TOO_LARGE = "The design is too large to be drawn here: `loadpath graph --collapse` draws it by its groups";

export class Diagram {
  private readonly picture = byId("picture");
  private readonly card = byId("card");
  private readonly trouble = byId("trouble");
  private readonly camera: Camera;
  private painter = new Painter("/painter.js");
  private way: Way | undefined;
  private checked: Checked | undefined;
  private isDrawing = false;
  private isWanted = false;

  constructor(private readonly goTo: (shape: Shape) => void) {
    const whole = byId("whole");
    this.camera = new Camera(
      this.picture,
      (sight) => whole.setAttribute("aria-pressed", String(sight === "whole")),
      (turn) => turn.ctrlKey || turn.metaKey,
    );
    byId("closer").addEventListener("click", () => this.camera.closer());
    byId("further").addEventListener("click", () => this.camera.further());
    whole.addEventListener("click", () => this.camera.whole());
    byId("turn").addEventListener("click", () => this.turn());
  }

  /** Another design: it is seen from its start, in the way in which more of it is seen. */
  forget(): void {
    this.way = undefined;
  }

  async show(checked: Checked): Promise<void> {
    this.checked = checked;
    this.isWanted = true;
    if (this.isDrawing) return;
    this.isDrawing = true;
    this.picture.setAttribute("aria-busy", "true");
    while (this.isWanted) {
      this.isWanted = false;
      await this.draw(this.checked).catch((error: Error) => this.tell(error.message));
    }
    this.picture.removeAttribute("aria-busy");
    this.isDrawing = false;
  }

  /** Points at what is drawn of an element. */
  point(id: string): void {
    const shape = this.picture.querySelector<SVGGElement>(`#${CSS.escape(id)}`);
    if (!shape) return;
    see("diagram");
    for (const other of this.picture.querySelectorAll(".pointed")) other.classList.remove("pointed");
    shape.classList.add("pointed");
    shape.focus();
    this.camera.show(shape);
  }

  private async draw(checked: Checked): Promise<void> {
    const { dot } = checked;
    if (dot === null) throw new Error(TOO_LARGE);
    const { painter } = this;
    const late = setTimeout(() => {
      painter.end(TOO_LARGE);
      this.painter = new Painter("/painter.js");
    }, PATIENCE);
    try {
      const sight = this.way ? undefined : "start";
      const way = (this.way ??= await this.betterWay(dot));
      const drawn = await painter.paint(reading(dot, way));
      this.put(drawn, checked, () => this.camera.look(drawn, way, sight));
    } finally {
      clearTimeout(late);
    }
    this.trouble.hidden = true;
  }

  private async betterWay(dot: string): Promise<Way> {
    const [right, down] = await Promise.all([this.painter.paint(reading(dot, "right")), this.painter.paint(reading(dot, "down"))]);
    const { room } = this.camera;
    // On a phone, where it may be hidden, it fills the window.
    return better(right, down, room.width > 0 ? room : { width: innerWidth, height: innerHeight });
  }

  private turn(): void {
    this.way = this.way === "down" ? "right" : "down";
    if (this.checked) void this.show(this.checked);
  }

  private tell(words: string): void {
    this.trouble.replaceChildren(...worded(sentence(words)));
    this.trouble.hidden = false;
  }

  private put(drawn: SVGSVGElement, checked: Checked, look: () => void): void {
    const focused = document.activeElement?.closest("#picture .shape")?.id;
    fitLetters(drawn, getComputedStyle(this.picture).fontFamily);
    // Titles of Graphviz's own are names of its nodes.
    for (const title of drawn.querySelectorAll("title")) title.remove();
    for (const shape of checked.shapes) {
      const element = drawn.getElementById(shape.id);
      if (element) this.label(element as SVGGElement, shape, checked);
    }
    this.card.hidden = true;
    this.picture.replaceChildren(drawn);
    look();
    if (focused) this.picture.querySelector<SVGGElement>(`#${CSS.escape(focused)}`)?.focus();
  }

  /** Makes a shape say what it is, and lead to its line. */
  private label(element: SVGGElement, shape: Shape, { report }: Checked): void {
    const found = report.findings.filter((it) => it.element === shape.element);
    const counted = found.length === 0 ? "" : `; ${found.length} ${found.length === 1 ? "finding" : "findings"}`;
    const seen = [...element.querySelectorAll("text")].map((it) => it.textContent?.trim()).join(" ");
    element.classList.add("shape");
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "0");
    element.setAttribute("aria-label", `${shape.element}: ${seen}${counted}`);
    if (element.classList.contains("edge")) widen(element);
    const lines = found.slice(0, MOST_TOLD).map((it) => made("div", "", `${it.code} ${it.name}: `, ...worded(it.message)));
    if (found.length > MOST_TOLD) lines.push(made("div", "", `and ${found.length - MOST_TOLD} more`));
    const tell = () => {
      this.card.replaceChildren(made("strong", "", shape.element), ...lines);
      showBeside(this.card, element, this.picture);
    };
    const hide = () => (this.card.hidden = true);
    element.addEventListener("click", (click) => {
      // What lies below it is not meant.
      click.stopPropagation();
      if (!this.picture.classList.contains("dragged")) this.goTo(shape);
    });
    element.addEventListener("keydown", (key) => {
      if (key.key !== "Enter" && key.key !== " ") return;
      key.preventDefault();
      this.goTo(shape);
    });
    element.addEventListener("pointerover", (over) => {
      over.stopPropagation();
      tell();
    });
    element.addEventListener("pointerleave", hide);
    element.addEventListener("focus", () => {
      tell();
      if (element.matches(":focus-visible")) this.camera.show(element);
    });
    element.addEventListener("blur", hide);
  }
}
