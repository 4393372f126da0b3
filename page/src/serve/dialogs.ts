// Lists to choose from, each in a dialog of the browser's own.
import { byId } from "../data";
import { ask, type Example } from "./api";
import { button, made } from "./words";

/** Opens a dialog with its entries, which are made when it is first asked for. */
export function offerDialog(id: string, opener: string, entries: (close: () => void) => Promise<HTMLElement[]>, say: (words: string) => void): void {
  const dialog = byId<HTMLDialogElement>(id);
  const list = dialog.querySelector(".choices")!;
  const close = () => dialog.close();
  dialog.querySelector(".close")!.addEventListener("click", close);
  byId(opener).addEventListener("click", async () => {
    try {
      if (list.childElementCount === 0) list.replaceChildren(...(await entries(close)));
      dialog.showModal();
    } catch (error) {
      say((error as Error).message);
    }
  });
}

/** The examples, those with mistakes to find first. */
export async function examples(chosen: (example: Example) => void): Promise<HTMLElement[]> {
  const all = await ask("examples");
  return all.map((it) => made("li", "", button(it.name.replaceAll("-", " "), () => chosen(it)), made("p", "", it.about)));
}
