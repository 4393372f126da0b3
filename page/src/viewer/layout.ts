// Which way a picture reads: from left to right as the server draws it, or down where that is seen larger.

/** Graphviz, as far as it is needed here: each page brings its own. */
export interface Graphviz {
  renderSVGElement(dot: string): SVGSVGElement;
}

export type Way = "right" | "down";

/** By how much a picture must be seen larger to read down. */
const GAIN = 1.25;

/** The text of a picture that reads in this way. */
export function reading(dot: string, way: Way): string {
  return way === "down" ? dot.replace("rankdir=LR", "rankdir=TB") : dot;
}

/** The picture, read in this way. */
export function laidOut(viz: Graphviz, dot: string, way: Way): SVGSVGElement {
  return viz.renderSVGElement(reading(dot, way));
}

/** The way in which a picture is seen larger in a frame. */
export function betterWay(viz: Graphviz, dot: string, frame: Element): Way {
  return larger(laidOut(viz, dot, "right"), laidOut(viz, dot, "down"), frame);
}

/** Of the same picture read both ways, the one that is seen larger. */
export function larger(right: SVGSVGElement, down: SVGSVGElement, frame: Element): Way {
  const fit = ({ viewBox }: SVGSVGElement) => {
    const { width, height } = viewBox.baseVal;
    return Math.min(frame.clientWidth / width, frame.clientHeight / height, 1);
  };
  return fit(down) > fit(right) * GAIN ? "down" : "right";
}
