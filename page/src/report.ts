// The script of a report. The page is whole without it: it adds the picture, filters and ways. The same script runs once
// more in a worker, where there is no document: there it is Graphviz.
import { read } from "./data";
import { Diagram } from "./diagram";
import { offerFilters } from "./filters";
import { Painter, serve } from "./painter";
import { offerThemes } from "./theme";
import { goTo, unfoldForPrint } from "./ways";

if (typeof document === "undefined") serve();
else start(document.currentScript?.textContent ?? "");

function start(script: string): void {
  // A design that holds nothing has no picture.
  const diagram = document.getElementById("viewer") ? new Diagram(read(), new Painter(own(script))) : undefined;
  offerThemes(() => void diagram?.draw());
  offerFilters();
  unfoldForPrint();
  document.addEventListener("click", (click) => {
    const link = click.target instanceof Element ? click.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    // Those that the picture leads are its own.
    if (!link || click.defaultPrevented) return;
    click.preventDefault();
    goTo(decodeURIComponent(link.hash.slice(1)));
  });
  if (location.hash) goTo(decodeURIComponent(location.hash.slice(1)));
  void diagram?.draw();
}

/** An address of this very script. */
function own(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}
