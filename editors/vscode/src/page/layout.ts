// Which way a picture reads: from left to right as the server draws it, or down where that is seen larger.
import type { Viz } from "@viz-js/viz";

export type Way = "right" | "down";

/** By how much a picture must be seen larger to read down. */
const GAIN = 1.25;

/** The text of a picture that reads in this way. */
export function reading(dot: string, way: Way): string {
  return way === "down" ? dot.replace("rankdir=LR", "rankdir=TB") : dot;
}

/** The picture, read in this way. */
export function laidOut(viz: Viz, dot: string, way: Way): SVGSVGElement {
  return viz.renderSVGElement(reading(dot, way));
}

/** The way in which a picture is seen larger in a frame. */
export function betterWay(viz: Viz, dot: string, frame: Element): Way {
  const fit = (way: Way) => {
    const { width, height } = laidOut(viz, dot, way).viewBox.baseVal;
    return Math.min(frame.clientWidth / width, frame.clientHeight / height, 1);
  };
  return fit("down") > fit("right") * GAIN ? "down" : "right";
}
