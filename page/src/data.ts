// What the page tells its script: the pictures, and what is drawn in them.

/** What a shape of the picture stands for. */
export interface Shape {
  name: string;
  facts: string[];
  /** The numbers of its findings in the list. */
  findings: number[];
  /** The id of its row in the table of components. */
  row?: string;
}

/** A picture in DOT, in both colours. */
export interface Overlay {
  name: string;
  /** What it tells. */
  about: string;
  light: string;
  dark: string;
}

export interface Data {
  overlays: Overlay[];
  /** By the ids of the shapes. */
  shapes: Record<string, Shape>;
  /** The id of the shape that a finding is about, by the finding's number. */
  findings: Record<string, string>;
}

export function read(): Data {
  return JSON.parse(byId("data").textContent ?? "") as Data;
}

/** An element that the page has. */
export function byId<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
