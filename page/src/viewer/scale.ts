// How large a picture is shown: its words are read, or all of it is seen.

/** The smallest words of a picture, in its own units. */
const WORDS = 8;
/** How large these must be seen to be read, in pixels. */
const LEAST = 9;
/** How large they are made at most where there is room, in pixels. */
const MOST = 10;

/** A width and a height, in pixels or in a picture's own units. */
export interface Size {
  width: number;
  height: number;
}

/** How large a picture is, in its own units. */
export function sizeOf({ viewBox }: SVGSVGElement): Size {
  const { width, height } = viewBox.baseVal;
  return { width: Math.max(width, 1), height: Math.max(height, 1) };
}

/** The pixels of a unit where all of a picture is seen in such a room. */
export function wholeScale(picture: SVGSVGElement, room: Size): number {
  const { width, height } = sizeOf(picture);
  return Math.min(room.width / width, room.height / height, MOST / WORDS);
}

/** The pixels of a unit where its words can be read. All of it is seen as well where there is room for that. */
export function readableScale(picture: SVGSVGElement, room: Size): number {
  return Math.max(wholeScale(picture, room), LEAST / WORDS);
}
