// Graphviz reckons with the widths of Arial. Where another font stands in for it, its letters are made as much smaller as
// they are wider, so that no text leaves its box.

const ALPHABET = "abcdefghijklmnopqrstuvwxyz";
/** How wide Arial's alphabet is, in multiples of its size. */
const ARIAL = { normal: 12.726, bold: 14.003 };

/** Fits the letters of a picture to the font that it will be seen in. */
export function fitLetters(picture: SVGSVGElement, family: string): void {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return;
  const factor = (weight: keyof typeof ARIAL) => {
    context.font = `${weight} 100px ${family}`;
    return Math.min(1, (ARIAL[weight] * 100) / context.measureText(ALPHABET).width);
  };
  const factors = { normal: factor("normal"), bold: factor("bold") };
  for (const text of picture.querySelectorAll("text")) {
    const weight = text.getAttribute("font-weight") === "bold" ? "bold" : "normal";
    const size = Number(text.getAttribute("font-size")) * factors[weight];
    text.setAttribute("font-size", size.toFixed(2));
  }
}
