// Light or dark: as the system is, or as the reader turns it for the time being.
import { byId } from "./data";

export type Theme = "light" | "dark";

let chosen: Theme | undefined;

function system(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

export function theme(): Theme {
  return chosen ?? (system().matches ? "dark" : "light");
}

/** Shows the button, and tells whenever the theme changes. */
export function offerThemes(changed: () => void): void {
  const button = byId<HTMLButtonElement>("theme");
  const show = () => {
    if (chosen) document.documentElement.dataset.theme = chosen;
    button.textContent = theme() === "dark" ? "Light" : "Dark";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = theme() === "dark" ? "light" : "dark";
    show();
    changed();
  });
  system().addEventListener("change", () => {
    show();
    if (!chosen) changed();
  });
  show();
}
