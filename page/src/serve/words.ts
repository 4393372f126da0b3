// Words of the review as elements: what stands in backticks is code. Nothing that a design says is markup.
import type { Finding } from "./api";

/** An element with this inside. */
export function made<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, ...inside: (Node | string)[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

export function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

export function sentence(text: string): string {
  const isFigure = /\d/.test(text.split(" ")[0] ?? "");
  const begun = isFigure || text.startsWith("`") ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!:]$/.test(begun) ? begun : `${begun}.`;
}

export function worded(text: string): (Node | string)[] {
  const parts = text.split("`");
  // The last backtick of an odd number closes nothing.
  if (parts.length % 2 === 0) parts.push(`\`${parts.splice(-2).join("`")}`);
  return parts.map((part, at) => (at % 2 === 1 && at < parts.length - 1 ? made("code", "", part) : part));
}

/** What a finding says: what, why, and what to do. */
export function explained({ code, name, message, notes, help }: Finding): HTMLElement {
  return made("div", "", made("strong", "", `${code} ${name}`), ...told({ message, notes, help }));
}

/** The same without its name. */
export function told({ message, notes, help }: Pick<Finding, "message" | "notes" | "help">): HTMLElement[] {
  const lines = [made("p", "message", ...worded(sentence(message))), ...notes.map((it) => made("p", "note", ...worded(sentence(it))))];
  if (help) lines.push(made("p", "help", made("strong", "", "To do: "), ...worded(help.endsWith("?") ? help : `${help}.`)));
  return lines;
}

/** Words where there can be no code. */
export function plain(text: string): string {
  return text.replaceAll("`", "");
}
