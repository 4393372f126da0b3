// Graphviz reckons with the widths of Arial, and of letters beyond ASCII knows their bytes alone. Words of the font that is
// seen are put in the middle of the room that was reckoned for them, and drawn narrower where they need more.

type Weight = "normal" | "bold";

/** How wide Arial's letters are from the blank on, in thousandths of their size. */
const ARIAL: Record<Weight, number[]> = {
  normal: widths(
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 " +
      "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 " +
      "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584",
  ),
  bold: widths(
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 " +
      "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 " +
      "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584",
  ),
};

function widths(all: string): number[] {
  return all.split(" ").map(Number);
}

/** Fits the words of a picture to the font that they will be seen in. */
export function fitLetters(picture: SVGSVGElement, family: string): void {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return;
  for (const text of picture.querySelectorAll("text")) {
    const size = Number(text.getAttribute("font-size"));
    const weight = text.getAttribute("font-weight") === "bold" ? "bold" : "normal";
    const written = text.textContent ?? "";
    const words = written.trim();
    // Blanks alone would be read out.
    if (!words) {
      text.remove();
      continue;
    }
    const before = written.slice(0, written.indexOf(words));
    const room = reckoned(words, weight) * size;
    if (text.getAttribute("text-anchor") === "start") {
      text.setAttribute("x", String(Number(text.getAttribute("x")) + reckoned(before, weight) * size + room / 2));
      text.setAttribute("text-anchor", "middle");
    }
    text.textContent = words;
    context.font = `${weight} 100px ${family}`;
    if ((context.measureText(words).width * size) / 100 <= room) continue;
    text.setAttribute("textLength", room.toFixed(2));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

const utf8 = new TextEncoder();

/** How wide Graphviz takes words to be, in multiples of their size. */
function reckoned(words: string, weight: Weight): number {
  const arial = ARIAL[weight];
  return utf8.encode(words).reduce((sum, byte) => sum + (arial[byte - 32] ?? arial[0]!), 0) / 1000;
}
