//! Proposals in the words of the protocol, as far as the client understands them.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList, CompletionTextEdit,
    Documentation, InsertReplaceEdit, InsertTextFormat, MarkupKind, Range, TextEdit,
};

use serde_json::Value;

use super::answers::shown;
use super::client::markup;
use crate::editor::completion::{Completion, Proposal, Proposed};

/// What the client can do with a proposal.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own")]
pub(super) struct Abilities {
    /// It fills in snippets.
    snippets: bool,
    /// It lets its user choose whether the rest of a word stays.
    replaces: bool,
    /// It can select another item than the first.
    preselects: bool,
    /// It takes an item where one of its further letters is typed.
    commits: bool,
    /// It shows what stands close behind a label.
    details: bool,
    /// How it shows what is said of it.
    markup: MarkupKind,
}

impl Abilities {
    /// Reads what a client says of its items.
    pub(super) fn of(told: &Value) -> Self {
        let can = |ability: &str| told[ability] == true;
        Self {
            snippets: can("snippetSupport"),
            replaces: can("insertReplaceSupport"),
            preselects: can("preselectSupport"),
            commits: can("commitCharactersSupport"),
            details: can("labelDetailsSupport"),
            markup: markup(&told["documentationFormat"]),
        }
    }
}

/// The list of a completion. `word` is what is being written as a whole, `written` what of it stands before the cursor.
pub(super) fn list(completion: Completion, can: &Abilities, word: Range, written: Range) -> CompletionList {
    let items = completion.proposals.into_iter().map(|it| item(it, can, word, written)).collect();
    CompletionList { is_incomplete: completion.is_incomplete, items }
}

fn item(proposal: Proposal, can: &Abilities, word: Range, written: Range) -> CompletionItem {
    let snippet = proposal.snippet.filter(|_| can.snippets);
    let insert_text_format = snippet.as_ref().map(|_| InsertTextFormat::SNIPPET);
    let new_text = snippet.or(proposal.text).unwrap_or_else(|| proposal.label.clone());
    let text_edit = if can.replaces && word != written {
        CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text, insert: written, replace: word })
    } else {
        CompletionTextEdit::Edit(TextEdit { range: word, new_text })
    };
    let is_group = proposal.what == Proposed::Group;
    let code = proposal.detail.split_once(" · ").filter(|_| proposal.what == Proposed::Rule && can.details);
    let label_details =
        code.map(|(code, _)| CompletionItemLabelDetails { detail: None, description: Some(code.to_owned()) });
    CompletionItem {
        kind: Some(kind(proposal.what)),
        detail: Some(proposal.detail.clone()).filter(|it| !it.is_empty()),
        label_details,
        documentation: Some(proposal.told)
            .filter(|it| !it.is_empty())
            .map(|it| Documentation::MarkupContent(shown(&can.markup, it))),
        sort_text: Some(format!("{:03}{}", proposal.rank, proposal.label)),
        filter_text: proposal.sought,
        preselect: Some(true).filter(|_| can.preselects && proposal.is_likely),
        commit_characters: (can.commits && is_group).then(|| vec![".".to_owned()]),
        insert_text_format,
        text_edit: Some(text_edit),
        label: proposal.label,
        ..CompletionItem::default()
    }
}

fn kind(what: Proposed) -> CompletionItemKind {
    match what {
        Proposed::Keyword | Proposed::Tag => CompletionItemKind::KEYWORD,
        Proposed::Kind => CompletionItemKind::CLASS,
        Proposed::Component => CompletionItemKind::VARIABLE,
        Proposed::Group => CompletionItemKind::MODULE,
        Proposed::Flow => CompletionItemKind::EVENT,
        Proposed::Property => CompletionItemKind::PROPERTY,
        Proposed::Value => CompletionItemKind::VALUE,
        Proposed::Engine | Proposed::Protocol => CompletionItemKind::ENUM_MEMBER,
        Proposed::Link | Proposed::Rule => CompletionItemKind::REFERENCE,
        Proposed::File => CompletionItemKind::FILE,
    }
}
