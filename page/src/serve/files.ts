// Files of the person: read and written by the browser, where they say, and nowhere by the server.
import { byId } from "../data";
import type { Design } from "./api";

/** Larger ones the server does not take. */
const MOST_BYTES = 1024 * 1024;

export function offerFiles(design: () => Design, opened: (design: Design) => void, saved: (text: string) => void, say: (words: string) => void): void {
  const file = byId<HTMLInputElement>("file");
  byId("open").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    // The same may be chosen again.
    file.value = "";
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) say(`${chosen.name} has over 1 MiB, which is more than the page takes`);
    else opened({ name: chosen.name, text: await chosen.text() });
  });
  byId("save").addEventListener("click", () => {
    const { name, text } = design();
    const link = document.createElement("a");
    link.download = name.split("/").at(-1)!;
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.click();
    URL.revokeObjectURL(link.href);
    saved(text);
    say(`${link.download} is saved where the browser keeps downloads`);
  });
}
