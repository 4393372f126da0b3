// An arrow is thin: what is clicked is wider than what is drawn.

export function widen(arrow: Element): void {
  const path = arrow.querySelector("path");
  const wide = path?.cloneNode() as SVGPathElement | undefined;
  wide?.setAttribute("class", "reach");
  if (path && wide) path.before(wide);
}
