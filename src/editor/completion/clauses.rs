//! What stands in the clauses of a constraint.

use super::{Proposals, Proposed};
use crate::catalogue::Kind;
use crate::editor::spot::Behind;

impl Proposals<'_> {
    pub(super) fn selected(&mut self, is_end: bool) {
        if self.spot.path.is_none() {
            let is_alone = self.spot.behind != Behind::Word;
            let proposal = self.add(0, Proposed::Keyword, "kind", "all of a kind");
            proposal.text = is_alone.then(|| "kind ".to_owned());
        }
        self.selectable(is_end);
    }

    /// The kinds that a clause may speak of: no templates, and at the end of an arrow only what has links.
    pub(super) fn selected_kinds(&mut self, is_end: bool) {
        self.add(0, Proposed::Kind, "any", "all components");
        if !is_end {
            self.add(700, Proposed::Kind, "flow", "all flows that the design names");
            self.add(700, Proposed::Kind, "system", "what is asked of the design");
        }
        for kind in Kind::ALL {
            self.kind_of_component(kind);
        }
    }

    pub(super) fn clause(&mut self, further: &[&str]) {
        let is_open = self.spot.behind == Behind::Block;
        for word in further {
            let (detail, snippet) = match *word {
                "where" => ("of those only what states this", "where { $0 }"),
                "with" => ("what each such link states", "with { $0 }"),
                _ => ("what the way has to pass", "without $0"),
            };
            let proposal = self.add(0, Proposed::Keyword, word, detail);
            proposal.snippet = (!is_open && *word != "without").then(|| snippet.to_owned());
        }
    }
}
