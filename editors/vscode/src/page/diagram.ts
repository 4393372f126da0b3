// The page of the diagram: draws what it is told, and tells what is clicked.
import { instance, type Viz } from "@viz-js/viz";
import { Camera, type Sight } from "../../../../page/src/viewer/camera";
import { betterWay, laidOut, type Way } from "../../../../page/src/viewer/layout";
import { fitLetters } from "../../../../page/src/viewer/letters";
import type { Finding, FromPage, Graph, Level, Place, ToPage } from "../graph";

/** What outlives the page while it is hidden. */
interface State {
  /** What of the picture is looked at. */
  sight?: Sight;
  /** How the picture of this design reads. */
  way?: { design: string; is: Way };
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): State | undefined;
  setState(state: State): void;
};

const ICONS: Record<Level, string> = { error: "✖", warning: "▲", advice: "◆" };
/** More findings than this are counted, not listed. */
const MOST_LISTED = 200;

const host = acquireVsCodeApi();
const byId = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const picture = byId("picture");
const trouble = byId("trouble");
const findings = byId<HTMLDetailsElement>("findings");
const whole = byId("whole");
const camera = new Camera(picture, (sight) => {
  keep({ sight });
  whole.setAttribute("aria-pressed", String(sight === "whole"));
});

byId("closer").addEventListener("click", () => camera.closer());
byId("further").addEventListener("click", () => camera.further());
whole.addEventListener("click", () => camera.whole());
byId("turn").addEventListener("click", turn);

const graphviz: Promise<Viz> = instance();
let state: State = host.getState() ?? {};
/** What the next picture is looked at as; else as the last one was. */
let sight = state.sight;
let last: { graph: Graph; design: string } | undefined;

window.addEventListener("message", async ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === "trouble") return complain(data.text);
  try {
    draw(await graphviz, data.graph, data.design);
    complain("");
  } catch (error) {
    complain(`This could not be drawn: ${error instanceof Error ? error.message : String(error)}`);
  }
});
host.postMessage({ kind: "ready" });

function keep(more: State): void {
  state = { ...state, ...more };
  host.setState(state);
}

/** Reads the picture in the other way. */
async function turn(): Promise<void> {
  if (!last || !state.way) return;
  keep({ way: { ...state.way, is: state.way.is === "right" ? "down" : "right" } });
  draw(await graphviz, last.graph, last.design);
}

function complain(text: string): void {
  trouble.textContent = text;
  trouble.hidden = text === "";
}

function draw(viz: Viz, graph: Graph, design: string): void {
  if (state.way?.design !== design) {
    // Another design is seen from the start.
    sight = "start";
    keep({ way: { design, is: betterWay(viz, graph.dot, camera.room) } });
  }
  const drawn = laidOut(viz, graph.dot, state.way!.is);
  fitLetters(drawn, getComputedStyle(picture).fontFamily);
  const focused = document.activeElement?.getAttribute("data-element");
  labelAll(drawn, graph);
  drawn.querySelector("g.graph > title")?.remove();
  picture.replaceChildren(drawn);
  picture.setAttribute("aria-label", `Diagram of ${design}`);
  camera.look(drawn, state.way!.is, sight);
  sight = undefined;
  if (focused) drawn.querySelector<SVGGElement>(`[data-element="${CSS.escape(focused)}"]`)?.focus();
  list(graph.findings);
  last = { graph, design };
}

function labelAll(drawn: SVGSVGElement, { places, findings }: Graph): void {
  for (const title of drawn.querySelectorAll("g.node > title, g.edge > title, g.cluster > title")) title.remove();
  for (const place of places) {
    const shape = drawn.querySelector<SVGGElement>(`#${place.id}`);
    if (shape) label(shape, place, findings.filter((it) => it.element === place.element));
  }
}

/** Makes a shape say what it is and what is found of it, and lead to its line. */
function label(shape: SVGGElement, { element, location }: Place, findings: Finding[]): void {
  const words = [`${element}, line ${location.range.start.line + 1}`, ...findings.map(told)];
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = words.join("\n");
  shape.prepend(title);
  shape.dataset.element = element;
  shape.setAttribute("role", "button");
  shape.setAttribute("tabindex", "0");
  shape.setAttribute("aria-label", words.join("; "));
  if (shape.classList.contains("edge")) widen(shape);
  const open = () => host.postMessage({ kind: "open", location });
  shape.addEventListener("click", (click) => {
    // What lies below it is not meant.
    click.stopPropagation();
    if (!picture.classList.contains("dragged")) open();
  });
  shape.addEventListener("keydown", (key) => {
    if (key.key !== "Enter" && key.key !== " ") return;
    key.preventDefault();
    open();
  });
  shape.addEventListener("focus", () => shape.matches(":focus-visible") && camera.show(shape));
}

/** An arrow is thin: what is clicked is wider than what is drawn. */
function widen(arrow: SVGGElement): void {
  const path = arrow.querySelector("path");
  const wide = path?.cloneNode() as SVGPathElement | undefined;
  wide?.setAttribute("class", "reach");
  if (path && wide) path.before(wide);
}

function told(finding: Finding): string {
  return `${ICONS[finding.level]} ${finding.code} ${finding.message}`;
}

/** The findings below the picture, each a way to its line. */
function list(all: Finding[]): void {
  const levels: Level[] = ["error", "warning", "advice"];
  const count = (level: Level) => all.filter((it) => it.level === level).length;
  const counted = levels.map((it) => [it, count(it)] as const).filter(([, count]) => count > 0);
  const summary = counted.map(([level, count]) => mark(level, `${count} ${plural(level, count)}`));
  const sorted = levels.flatMap((level) => all.filter((it) => it.level === level));
  const rows = sorted.slice(0, MOST_LISTED).map(row);
  if (all.length > MOST_LISTED) rows.push(item(`and ${all.length - MOST_LISTED} more`));
  findings.querySelector("summary")!.replaceChildren(...(summary.length > 0 ? summary : ["nothing is found"]));
  findings.querySelector("ul")!.replaceChildren(...rows);
  findings.classList.toggle("clean", all.length === 0);
}

function plural(level: Level, count: number): string {
  return count === 1 || level === "advice" ? level : `${level}s`;
}

function mark(level: Level, text: string): HTMLElement {
  const marked = document.createElement("span");
  marked.className = level;
  marked.textContent = `${ICONS[level]} ${text}`;
  return marked;
}

function row(finding: Finding): HTMLElement {
  const button = document.createElement("button");
  const { location } = finding;
  button.append(mark(finding.level, finding.code), ` ${finding.message}`);
  if (location) button.addEventListener("click", () => host.postMessage({ kind: "open", location }));
  else button.disabled = true;
  return item(button);
}

function item(content: Node | string): HTMLElement {
  const made = document.createElement("li");
  made.append(content);
  return made;
}
