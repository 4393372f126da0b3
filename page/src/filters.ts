// Which findings are listed: by level, and by words.
import { byId } from "./data";

export function offerFilters(): void {
  const findings = [...document.querySelectorAll<HTMLElement>(".finding")];
  if (findings.length < 2) return;
  const filters = byId("filters");
  const levels = [...filters.querySelectorAll<HTMLInputElement>("[name=level]")];
  const words = byId<HTMLInputElement>("words");
  const apply = () => {
    const chosen = new Set(levels.filter((it) => it.checked).map((it) => it.value));
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const finding of findings) {
      const text = (finding.textContent ?? "").toLowerCase();
      finding.hidden = !chosen.has(finding.dataset.level ?? "") || !wanted.every((it) => text.includes(it));
    }
    for (const group of document.querySelectorAll<HTMLElement>(".level")) {
      group.hidden = !group.querySelector(".finding:not([hidden])");
    }
    const left = findings.filter((it) => !it.hidden).length;
    byId("matches").textContent = left === findings.length ? "" : `${left} of ${findings.length} findings`;
  };
  filters.hidden = false;
  filters.addEventListener("input", apply);
}

/** Takes all filters away, so that any finding can be gone to. */
export function listAll(): void {
  const filters = byId("filters");
  for (const level of filters.querySelectorAll<HTMLInputElement>("[name=level]")) level.checked = true;
  byId<HTMLInputElement>("words").value = "";
  filters.dispatchEvent(new Event("input"));
}
