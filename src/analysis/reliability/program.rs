//! The question: a monotone boolean formula, with sharing, over independent random events.
//!
//! It knows nothing of components: the availability analysis compiles a flow into it, and each event names
//! the [`ElementId`] that its downtime is attributed to.

/// What saved downtime and cuts are attributed to; given by the caller, dense from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// A place in a [`Program`]: up or down in each state of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub(super) u32);

/// A formula, built bottom-up: a node refers only to nodes made before it.
///
/// Every node is monotone: no failure can bring another node up. The engine rests on that for its bounds.
#[derive(Clone, Debug, Default)]
pub struct Program {
    kinds: Vec<Kind>,
    operands: Vec<Node>,
    taken: Vec<bool>,
}

/// What one node is; operands lie in the program's common list.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Constant(bool),
    Event { element: ElementId, up: f64, spare: u32 },
    Placed(Box<Placed>),
    All(Operands),
    Any(Operands),
    AtLeast(u32, Operands),
    Choice(Box<[f64]>, Operands),
}

/// An event whose chances depend on which of its sites are up.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) element: ElementId,
    pub(super) sites: Vec<Node>,
    pub(super) up: Vec<f64>,
    pub(super) spare: Vec<i32>,
}

/// A range of the program's list of operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operands {
    start: u32,
    end: u32,
}

/// The most sites one placed event may have: its tables hold 2^sites figures.
pub const MAX_SITES: usize = 16;

impl Program {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// A node that is always up, or always down.
    pub fn constant(&mut self, up: bool) -> Node {
        self.push(Kind::Constant(up))
    }

    /// An independent event: up with probability `up`. For cut sets it is down once more than `spare` of its
    /// units are lost.
    pub fn event(&mut self, element: ElementId, up: f64, spare: u32) -> Node {
        debug_assert!((0.0..=1.0).contains(&up), "{up} is no probability");
        self.take(element);
        self.push(Kind::Event { element, up, spare })
    }

    /// An event whose probability depends on which of its sites are up: `up[mask]`, where bit i of the mask
    /// says that site i is up. `spare[mask]` units may be lost then; negative says that it is down already,
    /// by the loss of its sites and not by its own fault.
    ///
    /// Both tables have 2^sites entries and do not fall when a site comes up.
    ///
    /// # Panics
    /// When the tables do not fit the sites, or there are more than [`MAX_SITES`].
    pub fn placed(&mut self, element: ElementId, sites: Vec<Node>, up: Vec<f64>, spare: Vec<i32>) -> Node {
        assert!(sites.len() <= MAX_SITES, "{} sites are more than {MAX_SITES}", sites.len());
        assert!(up.len() == 1 << sites.len() && spare.len() == up.len(), "a table has 2^sites entries");
        debug_assert!(is_monotone(&up) && is_monotone(&spare), "a site that comes up takes nothing down");
        self.take(element);
        self.push(Kind::Placed(Box::new(Placed { element, sites, up, spare })))
    }

    /// Up when every child is; of no children, up.
    pub fn all(&mut self, children: impl IntoIterator<Item = Node>) -> Node {
        let operands = self.operands(children);
        self.push(Kind::All(operands))
    }

    /// Up when some child is; of no children, down.
    pub fn any(&mut self, children: impl IntoIterator<Item = Node>) -> Node {
        let operands = self.operands(children);
        self.push(Kind::Any(operands))
    }

    /// Up when at least `needed` of the children are; a child that is named twice counts twice.
    pub fn at_least(&mut self, needed: u32, children: impl IntoIterator<Item = Node>) -> Node {
        let operands = self.operands(children);
        self.push(Kind::AtLeast(needed, operands))
    }

    /// A mixture by a coin of its own: behaves as each option with that option's weight. The weights add up
    /// to 1; what is missing from 1 is down.
    ///
    /// A queue that blocks with probability e, or a balancer that does not notice which member is down.
    pub fn choice(&mut self, options: impl IntoIterator<Item = (f64, Node)>) -> Node {
        let (weights, nodes): (Vec<_>, Vec<_>) = options.into_iter().unzip();
        debug_assert!(weights.iter().all(|weight| *weight >= 0.0), "a weight is negative");
        debug_assert!(weights.iter().sum::<f64>() <= 1.0 + 1e-9, "the weights exceed 1");
        let operands = self.operands(nodes);
        self.push(Kind::Choice(weights.into(), operands))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether nothing has been built yet.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// One more than the greatest element that an event names.
    pub fn element_count(&self) -> usize {
        self.taken.len()
    }

    pub(super) fn kind(&self, node: Node) -> &Kind {
        &self.kinds[node.0 as usize]
    }

    pub(super) fn list(&self, operands: Operands) -> &[Node] {
        &self.operands[operands.start as usize..operands.end as usize]
    }

    /// What a node is computed from: operands, or the sites it stands on.
    pub(super) fn inputs(&self, node: Node) -> &[Node] {
        match self.kind(node) {
            Kind::Constant(_) | Kind::Event { .. } => &[],
            Kind::Placed(placed) => &placed.sites,
            Kind::All(operands)
            | Kind::Any(operands)
            | Kind::AtLeast(_, operands)
            | Kind::Choice(_, operands) => self.list(*operands),
        }
    }

    /// The nodes that `root` rests on, itself included, each after its inputs.
    pub(super) fn reachable(&self, root: Node) -> Vec<Node> {
        let mut seen = vec![false; self.len()];
        let mut found = Vec::new();
        let mut open = vec![root];
        seen[root.0 as usize] = true;
        while let Some(node) = open.pop() {
            found.push(node);
            for &input in self.inputs(node) {
                if !std::mem::replace(&mut seen[input.0 as usize], true) {
                    open.push(input);
                }
            }
        }
        found.sort_unstable();
        found
    }

    fn push(&mut self, kind: Kind) -> Node {
        self.kinds.push(kind);
        let node = Node(self.kinds.len() as u32 - 1);
        debug_assert!(self.inputs(node).iter().all(|input| input < &node), "a node refers to a later one");
        node
    }

    fn operands(&mut self, nodes: impl IntoIterator<Item = Node>) -> Operands {
        let start = self.operands.len() as u32;
        self.operands.extend(nodes);
        Operands { start, end: self.operands.len() as u32 }
    }

    fn take(&mut self, element: ElementId) {
        let at = element.0 as usize;
        if self.taken.len() <= at {
            self.taken.resize(at + 1, false);
        }
        debug_assert!(!self.taken[at], "{element:?} has two events");
        self.taken[at] = true;
    }
}

fn is_monotone<T: PartialOrd>(table: &[T]) -> bool {
    (0..table.len()).all(|mask| {
        let raised = (0..table.len().ilog2()).map(|site| mask | 1 << site);
        raised.into_iter().all(|more| table[more] >= table[mask])
    })
}
