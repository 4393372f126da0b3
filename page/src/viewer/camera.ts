// What part of the picture is seen: dragged, turned with the wheel, and moved with keys.

/** The part that is seen: its corner, and how large it is shown. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

const LEAST = 0.1;
const MOST = 8;
/** A step of zooming. */
const STEP = 1.2;
/** A step of moving, in pixels. */
const MOVE = 60;

export class Camera {
  private view: View = { x: 0, y: 0, scale: 1 };
  /** Whether the person looks at a part, and not at the whole. */
  private isMoved = false;
  private picture: SVGSVGElement | undefined;

  /** `isTurnable` says when the wheel is for the picture, and not for the page around it. */
  constructor(
    private readonly frame: HTMLElement,
    private readonly moved: (view: View | undefined) => void,
    private readonly isTurnable: (turn: WheelEvent) => boolean = () => true,
  ) {
    frame.addEventListener("wheel", (turn) => this.turned(turn), { passive: false });
    frame.addEventListener("pointerdown", (press) => this.pressed(press));
    frame.addEventListener("keydown", (key) => this.typed(key));
    new ResizeObserver(() => this.isMoved || this.fit()).observe(frame);
  }

  /** Another picture: of it this part, or the whole. */
  look(picture: SVGSVGElement, view: View | undefined): void {
    this.picture = picture;
    if (view) this.change(view);
    else this.fit();
  }

  /** All of it, and never larger than it is drawn. */
  fit(): void {
    if (!this.picture) return;
    const { width, height } = this.size();
    const scale = Math.min(this.frame.clientWidth / width, this.frame.clientHeight / height, 1);
    this.view = { scale, x: (this.frame.clientWidth - width * scale) / 2, y: 0 };
    this.isMoved = false;
    this.apply();
    this.moved(undefined);
  }

  closer(): void {
    this.zoom(STEP);
  }

  further(): void {
    this.zoom(1 / STEP);
  }

  /** Brings a shape into sight that the keyboard has come to. */
  show(shape: Element): void {
    const [seen, whole] = [shape.getBoundingClientRect(), this.frame.getBoundingClientRect()];
    const isInside =
      seen.left >= whole.left && seen.right <= whole.right && seen.top >= whole.top && seen.bottom <= whole.bottom;
    if (isInside) return;
    const middle = (it: DOMRect) => [it.left + it.width / 2, it.top + it.height / 2] as const;
    const [[x, y], [toX, toY]] = [middle(seen), middle(whole)];
    this.move(toX - x, toY - y);
  }

  private size(): { width: number; height: number } {
    const { width, height } = this.picture!.viewBox.baseVal;
    return { width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  private zoom(factor: number, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2): void {
    const scale = Math.min(Math.max(this.view.scale * factor, LEAST), MOST);
    const grown = scale / this.view.scale;
    this.change({ scale, x: x - (x - this.view.x) * grown, y: y - (y - this.view.y) * grown });
  }

  private move(x: number, y: number): void {
    this.change({ ...this.view, x: this.view.x + x, y: this.view.y + y });
  }

  private change(view: View): void {
    this.view = view;
    this.isMoved = true;
    this.apply();
    this.moved(view);
  }

  private apply(): void {
    if (!this.picture) return;
    const { x, y, scale } = this.view;
    const { width, height } = this.size();
    this.picture.setAttribute("width", String(width * scale));
    this.picture.setAttribute("height", String(height * scale));
    this.picture.style.transform = `translate(${x}px, ${y}px)`;
  }

  private turned(turn: WheelEvent): void {
    if (!this.isTurnable(turn)) return;
    turn.preventDefault();
    const { left, top } = this.frame.getBoundingClientRect();
    this.zoom(Math.exp(-turn.deltaY / 400), turn.clientX - left, turn.clientY - top);
  }

  private pressed(press: PointerEvent): void {
    if (press.button !== 0) return;
    const drag = (to: PointerEvent) => {
      this.frame.classList.add("dragged");
      this.move(to.movementX, to.movementY);
    };
    const done = () => {
      this.frame.removeEventListener("pointermove", drag);
      // The click that ends a drag comes after this.
      setTimeout(() => this.frame.classList.remove("dragged"));
    };
    this.frame.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", done, { once: true });
  }

  private typed(key: KeyboardEvent): void {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const does: Record<string, () => void> = {
      "+": () => this.closer(),
      "=": () => this.closer(),
      "-": () => this.further(),
      "0": () => this.fit(),
      ArrowLeft: () => this.move(MOVE, 0),
      ArrowRight: () => this.move(-MOVE, 0),
      ArrowUp: () => this.move(0, MOVE),
      ArrowDown: () => this.move(0, -MOVE),
    };
    const act = does[key.key];
    if (!act) return;
    key.preventDefault();
    act();
  }
}
