// The picture of the page: drawn in the overlay and the colours that are chosen, with ways to the findings and back.
import { byId, type Data, type Shape } from "./data";
import type { Painter } from "./painter";
import { theme } from "./theme";
import { Camera } from "./viewer/camera";
import { showBeside } from "./viewer/card";
import { better, reading, type Way } from "./viewer/layout";
import { fitLetters } from "./viewer/letters";
import { widen } from "./viewer/reach";
import { readableScale, sizeOf } from "./viewer/scale";
import { goTo, point } from "./ways";

export class Diagram {
  private readonly picture = byId("picture");
  private readonly card = byId("card");
  private readonly trouble = byId("trouble");
  private readonly camera: Camera;
  private overlay: string;
  private way: Way | undefined;
  private drawing = 0;
  /** The picture for paper, which is white. */
  private light: SVGSVGElement | undefined;

  constructor(
    private readonly data: Data,
    private readonly painter: Painter,
  ) {
    this.overlay = data.overlays[0]!.name;
    byId("viewer").hidden = false;
    const whole = byId("whole");
    this.camera = new Camera(
      this.picture,
      (sight) => whole.setAttribute("aria-pressed", String(sight === "whole")),
      // Else the wheel turns the page.
      (turn) => turn.ctrlKey || turn.metaKey,
    );
    byId("closer").addEventListener("click", () => this.camera.closer());
    byId("further").addEventListener("click", () => this.camera.further());
    whole.addEventListener("click", () => this.camera.whole());
    byId("turn").addEventListener("click", () => this.turn());
    this.offerOverlays();
    this.offerWaysBack();
    this.drawForPaper();
  }

  async draw(): Promise<void> {
    const turn = ++this.drawing;
    this.picture.setAttribute("aria-busy", "true");
    try {
      const { light, dark } = this.data.overlays.find((it) => it.name === this.overlay)!;
      const way = (this.way ??= await this.betterWay(light));
      const [shown, paper] = await Promise.all([
        this.painter.paint(reading(theme() === "dark" ? dark : light, way)),
        this.painter.paint(reading(light, way)),
      ]);
      // Something else was asked for since.
      if (turn !== this.drawing) return;
      this.light = this.made(paper);
      this.put(this.made(shown), way);
      this.trouble.hidden = true;
    } catch (error) {
      this.trouble.textContent = `The picture could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
      this.trouble.hidden = false;
    } finally {
      if (turn === this.drawing) this.picture.removeAttribute("aria-busy");
    }
  }

  private async betterWay(dot: string): Promise<Way> {
    const [right, down] = await Promise.all([
      this.painter.paint(reading(dot, "right")),
      this.painter.paint(reading(dot, "down")),
    ]);
    return better(right, down, { ...this.camera.room, height: Math.min(MOST_HEIGHT, innerHeight * MOST_SHARE) });
  }

  private turn(): void {
    this.way = this.way === "down" ? "right" : "down";
    void this.draw();
  }

  private made(drawn: SVGSVGElement): SVGSVGElement {
    fitLetters(drawn, getComputedStyle(this.picture).fontFamily);
    // Titles of Graphviz's own are names of its nodes.
    for (const title of drawn.querySelectorAll("title")) title.remove();
    for (const [id, shape] of Object.entries(this.data.shapes)) {
      const drawnShape = drawn.getElementById(id);
      if (drawnShape) this.label(drawnShape as SVGGElement, shape);
    }
    return drawn;
  }

  private put(drawn: SVGSVGElement, way: Way): void {
    this.picture.replaceChildren(drawn);
    // A flat picture needs no high frame.
    const { width } = this.camera.room;
    const needed = sizeOf(drawn).height * readableScale(drawn, { width, height: Infinity }) + BAR;
    this.picture.style.height = `${Math.min(Math.max(needed, LEAST_HEIGHT), MOST_HEIGHT)}px`;
    this.camera.look(drawn, way);
  }

  /** Makes a shape say what it is, and lead to what is found of it. */
  private label(element: SVGGElement, shape: Shape): void {
    const found = shape.findings.length;
    const counted = found === 0 ? [] : [`${found} ${found === 1 ? "finding" : "findings"}`];
    element.classList.add("shape");
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "0");
    // What is seen on it is part of what it is called.
    const seen = [...element.querySelectorAll("text")].map((it) => it.textContent?.trim()).join(" ");
    element.setAttribute("aria-label", [`${shape.name}: ${seen}`, ...shape.facts, ...counted].join("; "));
    if (element.classList.contains("edge")) widen(element);
    const target = found > 0 ? `finding-${shape.findings[0]}` : shape.row;
    const open = () => target && goTo(target);
    element.addEventListener("click", (click) => {
      // What lies below it is not meant.
      click.stopPropagation();
      if (!this.picture.classList.contains("dragged")) open();
    });
    element.addEventListener("keydown", (key) => {
      if (key.key !== "Enter" && key.key !== " ") return;
      key.preventDefault();
      open();
    });
    element.addEventListener("pointerover", (over) => {
      over.stopPropagation();
      this.tell(shape, element);
    });
    element.addEventListener("pointerleave", () => (this.card.hidden = true));
    element.addEventListener("focus", () => {
      this.tell(shape, element);
      if (element.matches(":focus-visible")) this.camera.show(element);
    });
    element.addEventListener("blur", () => (this.card.hidden = true));
  }

  private tell(shape: Shape, element: Element): void {
    const findings = shape.findings.map((number) => {
      const card = document.getElementById(`finding-${number}`);
      const [head, message] = [card?.querySelector("h4"), card?.querySelector(".message")];
      return `${head?.textContent ?? ""}: ${message?.textContent ?? ""}`;
    });
    const lines = [...shape.facts, ...findings.slice(0, MOST_TOLD)];
    if (findings.length > MOST_TOLD) lines.push(`and ${findings.length - MOST_TOLD} more`);
    const name = document.createElement("strong");
    name.textContent = shape.name;
    const rest = lines.map((line) => {
      const made = document.createElement("div");
      made.textContent = line;
      return made;
    });
    this.card.replaceChildren(name, ...rest);
    showBeside(this.card, element, this.picture);
  }

  private offerOverlays(): void {
    const choice = byId("overlays");
    choice.hidden = this.data.overlays.length < 2;
    for (const { name, about } of this.data.overlays) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "overlay", value: name, checked: name === this.overlay });
      input.addEventListener("change", () => {
        this.overlay = name;
        void this.draw();
      });
      label.append(input, name);
      label.title = about;
      choice.append(label);
    }
  }

  /** From findings to where they are drawn. */
  private offerWaysBack(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a.shows")) {
      const id = this.data.findings[link.dataset.finding ?? ""];
      if (id === undefined) continue;
      link.hidden = false;
      link.addEventListener("click", (click) => {
        const shape = document.getElementById(id);
        if (!shape) return;
        click.preventDefault();
        byId("viewer").scrollIntoView({ block: "center" });
        shape.focus({ preventScroll: true });
        this.camera.show(shape);
        point(shape);
      });
    }
  }

  /** What is printed is light, and all of it. */
  private drawForPaper(): void {
    let shown: SVGSVGElement | null = null;
    addEventListener("beforeprint", () => {
      shown = this.picture.querySelector("svg");
      if (shown && this.light) this.picture.replaceChildren(this.light);
    });
    addEventListener("afterprint", () => {
      if (shown) this.put(shown, this.way!);
    });
  }
}

/** How high the frame is, in pixels. */
const LEAST_HEIGHT = 240;
const MOST_HEIGHT = 720;
/** How high it is at most, as a share of the window; the style says so as well. */
const MOST_SHARE = 0.75;
/** What a scroll bar and the border take of that. */
const BAR = 18;
/** Findings that are told of a shape, at most. */
const MOST_TOLD = 4;
