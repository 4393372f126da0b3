// Which way a picture reads: from left to right as the server draws it, or down where more of it is seen.
import { readableScale, sizeOf, type Size } from "./scale";

/** Graphviz, as far as it is needed here: each page brings its own. */
export interface Graphviz {
  renderSVGElement(dot: string): SVGSVGElement;
}

export type Way = "right" | "down";

/** How many times as much must be seen of a picture for it not to read along the longer side of its room. */
const GAIN = 1.25;

/** The text of a picture that reads in this way. */
export function reading(dot: string, way: Way): string {
  return way === "down" ? dot.replace("rankdir=LR", "rankdir=TB") : dot;
}

/** The picture, read in this way. */
export function laidOut(viz: Graphviz, dot: string, way: Way): SVGSVGElement {
  return viz.renderSVGElement(reading(dot, way));
}

/** The way in which more of a picture is seen in such a room. */
export function betterWay(viz: Graphviz, dot: string, room: Size): Way {
  return better(laidOut(viz, dot, "right"), laidOut(viz, dot, "down"), room);
}

/** Of the same picture read both ways, the one of which more is seen while its words are read, or which is seen larger. */
export function better(right: SVGSVGElement, down: SVGSVGElement, room: Size): Way {
  const gain = room.width < room.height ? 1 / GAIN : GAIN;
  return worth(down, room) > worth(right, room) * gain ? "down" : "right";
}

/** The share of a picture that is seen at first, times how large it is seen. */
function worth(picture: SVGSVGElement, room: Size): number {
  const scale = readableScale(picture, room);
  const { width, height } = sizeOf(picture);
  return scale * Math.min(room.width / (width * scale), 1) * Math.min(room.height / (height * scale), 1);
}
