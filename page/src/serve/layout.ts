// How the page is parted: by two lines that are dragged or moved with keys; on a phone one part is seen at a time.
import { byId } from "../data";

const LEAST = 20;
const MOST = 80;
const STEP = 4;

/** Whether one part is seen at a time, as the style has it as well. */
export const phone = matchMedia("(max-width: 48rem)");

/** Lets a line between two parts be moved. */
function movable(id: "across" | "down"): void {
  const line = byId(id);
  const main = line.parentElement!;
  const put = (share: number) => {
    const within = Math.round(Math.min(Math.max(share, LEAST), MOST));
    line.setAttribute("aria-valuenow", String(within));
    main.style.setProperty(`--${id}`, `${within}%`);
    sessionStorage.setItem(id, String(within));
  };
  const kept = Number(sessionStorage.getItem(id));
  if (kept) put(kept);
  const [less, more] = id === "across" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  line.addEventListener("keydown", (key) => {
    const now = Number(line.getAttribute("aria-valuenow"));
    const to = { [less!]: now - STEP, [more!]: now + STEP, Home: LEAST, End: MOST }[key.key];
    if (to === undefined) return;
    key.preventDefault();
    put(to);
  });
  line.addEventListener("pointerdown", (press) => {
    line.setPointerCapture(press.pointerId);
    const drag = (to: PointerEvent) => {
      const { left, top, width, height } = main.getBoundingClientRect();
      put(id === "across" ? ((to.clientX - left) / width) * 100 : ((to.clientY - top) / height) * 100);
    };
    line.addEventListener("pointermove", drag);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", drag), { once: true });
  });
}

/** Sees to it that a part is seen, where one is seen at a time. */
export function see(view: string): void {
  document.querySelector("main")!.dataset.view = view;
  for (const button of document.querySelectorAll<HTMLElement>("#views button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

export function offerLayout(): void {
  movable("across");
  movable("down");
  document.querySelector(".skip")!.addEventListener("click", () => see("panel"));
  for (const button of document.querySelectorAll<HTMLElement>("#views button")) {
    button.addEventListener("click", () => see(button.dataset.view!));
  }
}
