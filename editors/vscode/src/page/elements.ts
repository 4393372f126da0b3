// Which element of the design a shape of Graphviz's picture stands for.

/** What Graphviz says of a shape. */
export interface Shape {
  sort: string;
  title: string;
}

/** The element of each shape, of those that are declared; nothing for what only holds a place. */
export function elementsOf(shapes: readonly Shape[], declared: readonly string[]): (string | undefined)[] {
  const order = new Map(declared.map((element, at) => [element, at]));
  const titles = new Set(shapes.filter(({ sort }) => sort === "edge").map(({ title }) => title));
  const taken = new Set<string>();
  return shapes.map(({ sort, title }) => {
    if (sort !== "edge") return [title.replace(/^cluster_/, "")].find((it) => order.has(it));
    const [from = "", to = ""] = title.split("->");
    // An arrow that runs back is drawn from its head to its tail, and has the title of the one that it answers. Those of
    // one title stand in the order of their links.
    const isBothWays = titles.has(`${to}->${from}`);
    const meant = isBothWays ? links(from, to) : [...links(from, to), ...links(to, from)];
    const [first] = meant
      .filter((it) => order.has(it) && !taken.has(it))
      .sort((one, other) => order.get(one)! - order.get(other)!);
    if (first) taken.add(first);
    return first;
  });
}

function links(from: string, to: string): string[] {
  return [`${from} -> ${to}`, `${from} ~> ${to}`];
}
