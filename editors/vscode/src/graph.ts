// The picture of a design, as the server and the page of the diagram speak of it.
import type { Location } from "vscode-languageserver-types";

/** How grave a finding is. */
export type Level = "error" | "warning" | "advice";

/** What is found of an element. */
export interface Finding {
  level: Level;
  code: string;
  name: string;
  message: string;
  element: string;
  location?: Location;
}

/** Where an element is declared. */
export interface Place {
  /** Of its shape, where it is drawn by itself: `component-3`. */
  id: string;
  element: string;
  location: Location;
}

/** The answer to `loadpath/graph`. */
export interface Graph {
  /** For Graphviz. */
  dot: string;
  /** Where each component, group and link (`a -> b`, `a ~> b`) is declared, with the id of its shape. */
  places: Place[];
  findings: Finding[];
}

/** What the page is told. */
export type ToPage = { kind: "graph"; design: string; graph: Graph } | { kind: "trouble"; text: string };

/** What the page tells. */
export type FromPage = { kind: "ready" } | { kind: "open"; location: Location };
