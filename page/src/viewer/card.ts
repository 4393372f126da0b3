// What is told of a shape, in a corner of the picture where it does not lie on the shape itself.

/** How far from the edge it is, in pixels. */
const GAP = 8;

/** Shows the card where its style has it, below, or above where it would lie on the shape. */
export function showBeside(card: HTMLElement, shape: Element, frame: HTMLElement): void {
  card.hidden = false;
  // A shape that has the focus is scrolled to before it is seen.
  requestAnimationFrame(() => {
    Object.assign(card.style, { top: "", bottom: "" });
    const [told, seen] = [card.getBoundingClientRect(), shape.getBoundingClientRect()];
    const isOver = seen.left < told.right && told.left < seen.right && seen.top < told.bottom && told.top < seen.bottom;
    if (isOver) Object.assign(card.style, { top: `${frame.offsetTop + GAP}px`, bottom: "auto" });
  });
}
