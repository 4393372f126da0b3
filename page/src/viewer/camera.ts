// What part of the picture is seen. Its frame scrolls, by every means that the browser has; the mouse drags as well, and the
// wheel and keys zoom.
import type { Way } from "./layout";
import { readableScale, sizeOf, wholeScale, type Size } from "./scale";

/** The part that is seen: how far it is scrolled, in pixels, and how large it is shown. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

/** What is looked at: where the picture begins, its words large enough to read; all of it; or a part of the person's choice. */
export type Sight = "start" | "whole" | View;

const LEAST = 0.1;
const MOST = 8;
/** A step of zooming. */
const STEP = 1.2;
/** What is seen before the first of several boxes, in pixels. */
const MARGIN = 20;

export class Camera {
  private sight: Sight = "start";
  private scale = 1;
  private picture: SVGSVGElement | undefined;
  private way: Way = "right";
  /** Where it was scrolled to last. */
  private at = [0, 0];

  /** `seen` hears what is looked at; `isTurnable` says when the wheel zooms, and does not scroll. */
  constructor(
    private readonly frame: HTMLElement,
    private readonly seen: (sight: Sight) => void,
    private readonly isTurnable: (turn: WheelEvent) => boolean = () => true,
  ) {
    frame.addEventListener("wheel", (turn) => this.turned(turn), { passive: false });
    frame.addEventListener("pointerdown", (press) => this.pressed(press));
    frame.addEventListener("keydown", (key) => this.typed(key));
    frame.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.see(this.sight)).observe(frame);
  }

  /** How large the frame is, whether or not it has scroll bars. */
  get room(): Size {
    const { width, height } = this.frame.getBoundingClientRect();
    const { borderLeftWidth, borderTopWidth } = getComputedStyle(this.frame);
    const within = (size: number, border: string) => Math.max(Math.floor(size - 2 * parseFloat(border)), 0);
    return { width: within(width, borderLeftWidth), height: within(height, borderTopWidth) };
  }

  /** Another picture, which reads in this way: of it what is told, or the same as of the last. */
  look(picture: SVGSVGElement, way: Way, sight?: Sight): void {
    // Read in another way a part is elsewhere.
    const kept = way === this.way || this.sight === "whole" ? this.sight : "start";
    this.picture = picture;
    this.way = way;
    this.see(sight ?? kept);
  }

  /** All of it, and from there back to its start. */
  whole(): void {
    this.see(this.sight === "whole" ? "start" : "whole");
  }

  closer(): void {
    this.zoom(STEP);
  }

  further(): void {
    this.zoom(1 / STEP);
  }

  /** Brings a shape into sight that was come to. */
  show(shape: Element): void {
    // The frame may have been hidden until now.
    this.see(this.sight);
    const [seen, whole] = [shape.getBoundingClientRect(), this.frame.getBoundingClientRect()];
    const isInside =
      seen.left >= whole.left && seen.right <= whole.right && seen.top >= whole.top && seen.bottom <= whole.bottom;
    if (isInside) return;
    const middle = (it: DOMRect) => [it.left + it.width / 2, it.top + it.height / 2] as const;
    const [[x, y], [toX, toY]] = [middle(seen), middle(whole)];
    this.frame.scrollBy(x - toX, y - toY);
    this.scrolled();
  }

  /** Looks at this. */
  private see(sight: Sight): void {
    const { picture, frame, room } = this;
    if (!picture) return;
    this.sight = sight;
    this.seen(sight);
    // While the frame is hidden nothing has a size: as it is shown this is called again.
    if (room.width === 0) return;
    if (sight === "whole") this.scale = wholeScale(picture, room);
    else if (sight === "start") this.scale = readableScale(picture, room);
    else this.scale = sight.scale;
    const { width, height } = sizeOf(picture);
    picture.setAttribute("width", String(Math.floor(width * this.scale)));
    picture.setAttribute("height", String(Math.floor(height * this.scale)));
    if (sight === "start") frame.scrollTo(this.start(picture));
    else if (sight !== "whole") frame.scrollTo(sight.x, sight.y);
    this.at = [frame.scrollLeft, frame.scrollTop];
  }

  /** Where those are seen who call: they stand at the left, or at the top. */
  private start(picture: SVGSVGElement): ScrollToOptions {
    const { clientWidth, clientHeight } = this.frame;
    const { left, top } = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll(".node")].map((it) => it.getBoundingClientRect());
    const down = boxes.map((it): Stretch => [it.top - top, it.bottom - top]);
    const right = boxes.map((it): Stretch => [it.left - left, it.right - left]);
    return this.way === "down"
      ? { left: beside(down, right, clientWidth), top: 0 }
      : { left: 0, top: beside(right, down, clientHeight) };
  }

  /** Zooms, so that what is at this place of the frame stays there. */
  private zoom(factor: number, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2): void {
    const { picture, frame } = this;
    if (!picture) return;
    const scale = Math.min(Math.max(this.scale * factor, LEAST), MOST);
    const { left, top } = frame.getBoundingClientRect();
    const before = picture.getBoundingClientRect();
    const [unitX, unitY] = [(left + x - before.left) / this.scale, (top + y - before.top) / this.scale];
    this.see({ scale, x: frame.scrollLeft, y: frame.scrollTop });
    const after = picture.getBoundingClientRect();
    frame.scrollBy(after.left + unitX * scale - left - x, after.top + unitY * scale - top - y);
    this.scrolled();
  }

  private scrolled(): void {
    const { scrollLeft: x, scrollTop: y } = this.frame;
    if (x !== this.at[0] || y !== this.at[1]) this.see({ x, y, scale: this.scale });
  }

  private turned(turn: WheelEvent): void {
    if (!this.isTurnable(turn)) return;
    turn.preventDefault();
    const { left, top } = this.frame.getBoundingClientRect();
    this.zoom(Math.exp(-turn.deltaY / 400), turn.clientX - left, turn.clientY - top);
  }

  private pressed(press: PointerEvent): void {
    const { frame } = this;
    const { left, top } = frame.getBoundingClientRect();
    const isOnBar = press.clientX - left - frame.clientLeft >= frame.clientWidth || press.clientY - top - frame.clientTop >= frame.clientHeight;
    // A finger scrolls without help.
    if (press.button !== 0 || press.pointerType === "touch" || isOnBar) return;
    const [x, y] = [frame.scrollLeft + press.clientX, frame.scrollTop + press.clientY];
    const drag = (to: PointerEvent) => {
      frame.classList.add("dragged");
      frame.scrollTo(x - to.clientX, y - to.clientY);
    };
    const done = () => {
      frame.removeEventListener("pointermove", drag);
      // The click that ends a drag comes after this.
      setTimeout(() => frame.classList.remove("dragged"));
    };
    frame.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", done, { once: true });
  }

  private typed(key: KeyboardEvent): void {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const does: Record<string, () => void> = {
      "+": () => this.closer(),
      "=": () => this.closer(),
      "-": () => this.further(),
      "0": () => this.whole(),
    };
    const act = does[key.key];
    if (!act) return;
    key.preventDefault();
    act();
  }
}

/** From where to where something reaches. */
type Stretch = [from: number, to: number];

/** How far to scroll across the way for the boxes that come first on it to be in the middle; not at all where they are seen so. */
function beside(along: Stretch[], across: Stretch[], room: number): number {
  const end = Math.min(...along.map(([, to]) => to));
  const first = across.filter((_, at) => along[at]![0] < end);
  const [from, to] = [Math.min(...first.map(([from]) => from)), Math.max(...first.map(([, to]) => to))];
  if (to <= room) return 0;
  return to - from <= room ? (from + to - room) / 2 : from - MARGIN;
}
