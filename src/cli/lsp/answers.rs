//! The answers to requests, in the words of the protocol: one function each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;
use std::ops::Range;

use lsp_server::ErrorCode;
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeLens, CodeLensParams, Command,
    CompletionList, CompletionParams, DocumentChanges, DocumentDiagnosticParams, DocumentFormattingParams,
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, DocumentLink, DocumentLinkParams,
    DocumentRangeFormattingParams, DocumentSymbol, DocumentSymbolParams, ExecuteCommandParams, FoldingRange,
    FoldingRangeKind, FoldingRangeParams, GotoDefinitionParams, Hover, HoverContents, HoverParams, InlayHint,
    InlayHintLabel, InlayHintParams, InlayHintTooltip, Location, MarkupContent, MarkupKind, OneOf,
    OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, ReferenceParams, RenameParams,
    SelectionRange, SelectionRangeParams, SemanticToken, SemanticTokenModifier, SemanticTokenType,
    SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams, SymbolInformation, SymbolKind,
    TextDocumentEdit, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit, WorkspaceSymbolParams,
};
use rustc_hash::FxBuildHasher;
use serde::Serialize;
use serde_json::{Value, json};

use super::client::Client;
use super::desk::{Desk, Document};
use super::findings;
use super::graph;
use super::markdown;
use super::place::{self, Lines};
use super::proposals;
use super::server::read;
use crate::catalogue::Kind;
use crate::check::mend;
use crate::diagnostic::Edit;
use crate::editor::actions::{self, ActionKind};
use crate::editor::beside::{self, About};
use crate::editor::colours::{self, Class};
use crate::editor::completion;
use crate::editor::outline::{self, FoldKind, Part, Sort};
use crate::editor::{Subject, View, hover, rename};
use crate::model::Architecture;
use crate::source::{FileId, Span, plain_text};
use crate::syntax;

/// Why a request has no answer.
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) why: String,
}

type Answer = Result<Value, Refusal>;

/// The answer to a request; nothing where its method is unknown.
pub(super) fn answer(desk: &mut Desk, client: &Client, method: &str, params: Value) -> Option<Answer> {
    if method == request::WorkspaceSymbolRequest::METHOD {
        let params: WorkspaceSymbolParams = match read(params) {
            Ok(params) => params,
            Err(refusal) => return Some(Err(refusal)),
        };
        return Some(told(found(desk, &params)));
    }
    if method == request::References::METHOD {
        return Some(tried_with(desk, params, |desk, it| Ok(referred(desk, it))));
    }
    if method == request::Rename::METHOD {
        return Some(tried_with(desk, params, |desk, it| renamed(desk, client, it)));
    }
    let desk = &*desk;
    Some(match method {
        request::HoverRequest::METHOD => given(params, |it| hovered(desk, client, it)),
        request::Completion::METHOD => given(params, |it| completed(desk, client, it)),
        request::GotoDefinition::METHOD => given(params, |it| defined(desk, it)),
        request::DocumentHighlightRequest::METHOD => given(params, |it| highlighted(desk, it)),
        request::PrepareRenameRequest::METHOD => given(params, |it| nameable(desk, it)),
        request::DocumentSymbolRequest::METHOD => given(params, |it| outlined(desk, client, it)),
        request::Formatting::METHOD => {
            given(params, |it: &DocumentFormattingParams| formatted(desk, &it.text_document.uri, None))
        }
        request::RangeFormatting::METHOD => given(params, |it: &DocumentRangeFormattingParams| {
            formatted(desk, &it.text_document.uri, Some(it.range))
        }),
        request::CodeActionRequest::METHOD => given(params, |it| offered(desk, client, it)),
        request::CodeLensRequest::METHOD => given(params, |it| lenses(desk, client, it)),
        request::InlayHintRequest::METHOD => given(params, |it| hinted(desk, client, it)),
        request::SemanticTokensFullRequest::METHOD => {
            given(params, |it: &SemanticTokensParams| coloured(desk, &it.text_document.uri, None))
        }
        request::SemanticTokensRangeRequest::METHOD => given(params, |it: &SemanticTokensRangeParams| {
            coloured(desk, &it.text_document.uri, Some(it.range))
        }),
        request::FoldingRangeRequest::METHOD => given(params, |it| folded(desk, it)),
        request::SelectionRangeRequest::METHOD => given(params, |it| selected(desk, it)),
        request::DocumentLinkRequest::METHOD => given(params, |it| linked(desk, it)),
        request::DocumentDiagnosticRequest::METHOD => given(params, |it| diagnosed(desk, it)),
        graph::METHOD => given(params, |it| graph::graph(desk, it)),
        markdown::METHOD => given(params, |it| markdown::markdown(desk, it)),
        _ => return None,
    })
}

fn given<P: serde::de::DeserializeOwned, A: Serialize>(
    params: Value,
    answer: impl Fn(&P) -> Option<A>,
) -> Answer {
    tried(params, |it| Ok(answer(it)))
}

fn tried<P: serde::de::DeserializeOwned, A: Serialize>(
    params: Value,
    answer: impl Fn(&P) -> Result<A, Refusal>,
) -> Answer {
    told(answer(&read(params)?)?)
}

fn tried_with<P: serde::de::DeserializeOwned, A: Serialize>(
    desk: &mut Desk,
    params: Value,
    answer: impl Fn(&mut Desk, &P) -> Result<A, Refusal>,
) -> Answer {
    told(answer(desk, &read(params)?)?)
}

fn told(answer: impl Serialize) -> Answer {
    serde_json::to_value(answer)
        .map_err(|error| Refusal { code: ErrorCode::InternalError, why: error.to_string() })
}

// ---- places

/// A document, and a place in it.
struct At<'a> {
    view: View<'a>,
    file: FileId,
    offset: u32,
}

fn at<'a>(desk: &'a Desk, place: &TextDocumentPositionParams) -> Option<At<'a>> {
    let (view, file) = desk.view(&place.text_document.uri)?;
    let offset = lines(desk, &view, file).offset(place.position) as u32;
    Some(At { view, file, offset })
}

fn lines<'a>(desk: &Desk, view: &View<'a>, file: FileId) -> Lines<'a> {
    Lines::of(&view.file(file).text, desk.encoding)
}

fn location(desk: &Desk, view: &View, span: Span) -> Option<Location> {
    let uri = desk.uri_of(&view.file(span.file).name)?;
    Some(Location { uri, range: lines(desk, view, span.file).range(span) })
}

/// Edits as the client takes them: with the versions of the open texts that they are for, or by their addresses alone.
fn workspace_edit<'a>(
    desk: &Desk,
    client: &Client,
    edits: impl Iterator<Item = (&'a View<'a>, &'a Edit)>,
) -> WorkspaceEdit {
    let mut by_file: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    for (view, edit) in edits {
        let range = lines(desk, view, edit.span.file).range(edit.span);
        let edits = by_file.entry(&view.file(edit.span.file).name).or_default();
        edits.push(TextEdit { range, new_text: edit.text.clone() });
    }
    let by_uri = by_file.into_iter().filter_map(|(name, edits)| Some((desk.uri_of(name)?, edits)));
    changes(desk, client, by_uri)
}

fn changes(desk: &Desk, client: &Client, edits: impl Iterator<Item = (Uri, Vec<TextEdit>)>) -> WorkspaceEdit {
    if !client.versions {
        return WorkspaceEdit { changes: Some(edits.collect()), ..WorkspaceEdit::default() };
    }
    let of_document = |(uri, edits): (Uri, Vec<TextEdit>)| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { version: desk.version(&uri), uri },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    };
    let all = DocumentChanges::Edits(edits.map(of_document).collect());
    WorkspaceEdit { document_changes: Some(all), ..WorkspaceEdit::default() }
}

/// Text that is Markdown, as the client shows it.
pub(super) fn shown(kind: &MarkupKind, text: String) -> MarkupContent {
    let value = if *kind == MarkupKind::PlainText { plain_text(&text) } else { text };
    MarkupContent { kind: kind.clone(), value }
}

// ---- what stands at a place

fn hovered(desk: &Desk, client: &Client, params: &HoverParams) -> Option<Hover> {
    let place = &params.text_document_position_params;
    let At { view, file, offset } = at(desk, place)?;
    let designs = desk.designs_of(desk.document(&place.text_document.uri)?);
    let views: Vec<View> = designs.into_iter().filter_map(Document::view).collect();
    let found = hover::hover(&views.iter().collect::<Vec<_>>(), &view.file(file).name, offset)?;
    let range = Some(lines(desk, &view, file).range(found.span));
    Some(Hover { contents: HoverContents::Markup(shown(&client.hover, found.text)), range })
}

fn defined(desk: &Desk, params: &GotoDefinitionParams) -> Option<Vec<Location>> {
    let At { view, file, offset } = at(desk, &params.text_document_position_params)?;
    if let Some(include) = outline::includes(view.tree(file)).find(|it| is_in(it.path.span, file, offset)) {
        let target = included(&view, file, &include.path.value)?;
        return Some(vec![location(desk, &view, Span::new(target, 0, 0))?]);
    }
    let declared = match view.symbols().at(file, offset)?.subject {
        Subject::Declared(declared) => declared,
        // Nothing declares a tag: it begins where it is named first.
        ref tag @ Subject::Tag(_) => view.symbols().of_subject(tag).next()?.span,
    };
    Some(vec![location(desk, &view, declared)?])
}

fn is_in(span: Span, file: FileId, at: u32) -> bool {
    span.file == file && span.start <= at && at <= span.end
}

/// The file that a path of an `include` leads to.
fn included(view: &View, from: FileId, path: &str) -> Option<FileId> {
    let folder = std::path::Path::new(&view.file(from).name).parent().unwrap_or(std::path::Path::new(""));
    view.file_named(&super::super::disk::shown(&folder.join(path)))
}

/// The design of a document first, then all that share files with it.
fn sharing<'a>(desk: &'a Desk, uri: &Uri, aside: &'a [Document]) -> Vec<(&'a Document, View<'a>)> {
    let Some(own) = desk.design_of(uri) else { return Vec::new() };
    let others = desk.designs().filter(|it| it.name != own.name).chain(aside);
    let designs = std::iter::once(own).chain(others);
    designs.filter_map(|it| Some((it, it.view()?))).collect()
}

fn referred(desk: &mut Desk, params: &ReferenceParams) -> Option<Vec<Location>> {
    let uri = &params.text_document_position.text_document.uri;
    let aside = desk.aside(uri);
    let desk = &*desk;
    let At { view, file, offset } = at(desk, &params.text_document_position)?;
    let subject = &view.symbols().at(file, offset)?.subject;
    let with_declaration = params.context.include_declaration;
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for (_, design) in sharing(desk, uri, &aside) {
        let Some(subject) = rename::subject_in(&design, &view, subject) else { continue };
        for mention in design.symbols().of_subject(&subject) {
            let is_new = known.insert((design.file(mention.span.file).name.clone(), mention.span.start));
            if is_new && (with_declaration || !mention.is_declaration()) {
                found.extend(location(desk, &design, mention.span));
            }
        }
    }
    Some(found)
}

fn highlighted(desk: &Desk, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let At { view, file, offset } = at(desk, &params.text_document_position_params)?;
    let subject = &view.symbols().at(file, offset)?.subject;
    let lines = lines(desk, &view, file);
    let here = view.symbols().of_subject(subject).filter(|it| it.span.file == file);
    let highlight = |it: &crate::editor::Mention| DocumentHighlight {
        range: lines.range(it.span),
        kind: Some(if it.is_declaration() {
            DocumentHighlightKind::WRITE
        } else {
            DocumentHighlightKind::READ
        }),
    };
    Some(here.map(highlight).collect())
}

fn nameable(desk: &Desk, params: &TextDocumentPositionParams) -> Option<PrepareRenameResponse> {
    let At { view, file, offset } = at(desk, params)?;
    let mention = rename::nameable(&view, file, offset)?;
    Some(PrepareRenameResponse::Range(lines(desk, &view, file).range(mention.span)))
}

fn renamed(
    desk: &mut Desk,
    client: &Client,
    params: &RenameParams,
) -> Result<Option<WorkspaceEdit>, Refusal> {
    let refuse = |why: String| Refusal { code: ErrorCode::RequestFailed, why };
    let uri = &params.text_document_position.text_document.uri;
    let aside = desk.aside(uri);
    let desk = &*desk;
    let Some(At { file, offset, .. }) = at(desk, &params.text_document_position) else {
        return Err(refuse("nothing is known of this document".to_owned()));
    };
    let (designs, views): (Vec<&Document>, Vec<View>) = sharing(desk, uri, &aside).into_iter().unzip();
    let again = |at: usize, texts: &BTreeMap<String, String>| desk.again(designs[at], texts);
    let edits = rename::rename(&views, file, offset, params.new_name.trim(), &again).map_err(refuse)?;
    Ok(Some(workspace_edit(desk, client, edits.iter().map(|(at, edit)| (&views[*at], edit)))))
}

// ---- the shape of a file

fn symbol_kind(sort: Sort) -> SymbolKind {
    match sort {
        Sort::System => SymbolKind::MODULE,
        Sort::Group => SymbolKind::NAMESPACE,
        Sort::Flow => SymbolKind::EVENT,
        Sort::Template => SymbolKind::CLASS,
        Sort::Constraint => SymbolKind::KEY,
        Sort::Component(kind) => match kind {
            Some(kind) if kind.is_outside() => SymbolKind::INTERFACE,
            Some(kind) if kind.holds_data() => SymbolKind::STRUCT,
            Some(Kind::Function | Kind::Worker | Kind::Scheduler) => SymbolKind::FUNCTION,
            _ => SymbolKind::OBJECT,
        },
    }
}

fn outlined(desk: &Desk, client: &Client, params: &DocumentSymbolParams) -> Option<Value> {
    let uri = &params.text_document.uri;
    let (view, file) = desk.view(uri)?;
    let lines = lines(desk, &view, file);
    let parts = outline::outline(&view.checked.architecture, view.tree(file));
    if client.nests {
        let nested: Vec<DocumentSymbol> = parts.into_iter().map(|it| nested(&lines, it)).collect();
        return serde_json::to_value(nested).ok();
    }
    let mut flat = Vec::new();
    for part in parts {
        flattened(&lines, uri, part, None, &mut flat);
    }
    serde_json::to_value(flat).ok()
}

#[expect(deprecated, reason = "the type has a field that must be given and means nothing")]
fn nested(lines: &Lines, part: Part) -> DocumentSymbol {
    DocumentSymbol {
        kind: symbol_kind(part.sort),
        name: if part.name.trim().is_empty() { part.detail.clone() } else { part.name },
        detail: Some(part.detail),
        tags: None,
        deprecated: None,
        range: lines.range(part.whole),
        selection_range: lines.range(part.span),
        children: Some(part.parts.into_iter().map(|it| nested(lines, it)).collect()),
    }
}

#[expect(deprecated, reason = "the type has a field that must be given and means nothing")]
fn flattened(lines: &Lines, uri: &Uri, part: Part, within: Option<&str>, flat: &mut Vec<SymbolInformation>) {
    flat.push(SymbolInformation {
        kind: symbol_kind(part.sort),
        name: part.name.clone(),
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: lines.range(part.whole) },
        container_name: within.map(str::to_owned),
    });
    let name = within.map_or_else(|| part.name.clone(), |it| format!("{it}.{}", part.name));
    for inner in part.parts {
        flattened(lines, uri, inner, Some(&name), flat);
    }
}

/// What is called so in the open designs, what they include, and the designs of the folders that the client works in: the
/// letters in their order, in any case. Who writes a dot means the whole name, groups included.
fn found(desk: &mut Desk, params: &WorkspaceSymbolParams) -> Vec<SymbolInformation> {
    let wanted = params.query.to_lowercase();
    let fits = |it: &SymbolInformation| {
        let groups = it.container_name.as_deref().filter(|_| wanted.contains('.')).unwrap_or_default();
        let name = format!("{groups}.{}", it.name).to_lowercase();
        let mut letters = name.trim_start_matches('.').chars();
        wanted.chars().all(|it| letters.any(|letter| letter == it))
    };
    let encoding = desk.encoding;
    let mut by_name: BTreeMap<String, Vec<SymbolInformation>> = BTreeMap::new();
    let symbols = |name: &str, text: &str, parts: Vec<Part>, uri: Uri| {
        let lines = Lines::of(text, encoding);
        let mut flat = Vec::new();
        for part in parts {
            flattened(&lines, &uri, part, None, &mut flat);
        }
        (name.to_owned(), flat)
    };
    for project in desk.projects() {
        for (name, (file, tree)) in &project.files {
            let Some(uri) = place::uri_of(std::path::Path::new(name)) else { continue };
            let parts = outline::outline(&Architecture::default(), &tree.statements);
            by_name.extend([symbols(name, &file.text, parts, uri)]);
        }
    }
    for view in desk.designs().filter_map(super::desk::Document::view) {
        for (id, file) in view.checked.sources.iter() {
            let Some(uri) = desk.uri_of(&file.name) else { continue };
            let parts = outline::outline(&view.checked.architecture, view.tree(id));
            by_name.extend([symbols(&file.name, &file.text, parts, uri)]);
        }
    }
    by_name.into_values().flatten().filter(fits).collect()
}

fn folded(desk: &Desk, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let (view, file) = desk.view(&params.text_document.uri)?;
    let lines = lines(desk, &view, file);
    let fold = |it: outline::Fold| {
        let (start, end) = (lines.position(it.place.start), lines.position(it.place.end));
        // The line of the closing bracket stays in sight.
        let end_line = if it.kind == FoldKind::Block { end.line.saturating_sub(1) } else { end.line };
        (start.line < end_line).then(|| FoldingRange {
            start_line: start.line,
            end_line,
            kind: match it.kind {
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Block => None,
                FoldKind::Fence => Some(FoldingRangeKind::Region),
            },
            ..FoldingRange::default()
        })
    };
    Some(outline::folds(view.file(file)).into_iter().filter_map(fold).collect())
}

fn selected(desk: &Desk, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let (view, file) = desk.view(&params.text_document.uri)?;
    let lines = lines(desk, &view, file);
    let select = |position| {
        let offset = lines.offset(position) as u32;
        let spans = outline::around(view.tree(file), file, view.file(file), offset);
        let empty = SelectionRange { range: lines.range_of(offset as usize, offset as usize), parent: None };
        let grown = spans.into_iter().rev().fold(None, |parent, span| {
            Some(SelectionRange { range: lines.range(span), parent: parent.map(Box::new) })
        });
        grown.unwrap_or(empty)
    };
    Some(params.positions.iter().map(|it| select(*it)).collect())
}

fn linked(desk: &Desk, params: &DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let (view, file) = desk.view(&params.text_document.uri)?;
    let lines = lines(desk, &view, file);
    let link = |it: &crate::syntax::ast::Include| {
        let target = desk.uri_of(&view.file(included(&view, file, &it.path.value)?).name)?;
        // Without its quotes.
        let inside = Span { start: it.path.span.start + 1, end: it.path.span.end - 1, ..it.path.span };
        Some(DocumentLink { range: lines.range(inside), target: Some(target), tooltip: None, data: None })
    };
    Some(outline::includes(view.tree(file)).filter_map(link).collect())
}

// ---- changes of the text

/// The edits that give a document its one form; of a part of it, those of the statements that it touches.
fn formatted(desk: &Desk, uri: &Uri, range: Option<lsp_types::Range>) -> Option<Vec<TextEdit>> {
    let (view, id) = desk.view(uri)?;
    let file = view.file(id);
    let new = syntax::format_file(file).ok()?;
    let lines = lines(desk, &view, id);
    let edits = differences(&file.text, &new, &lines);
    let Some(asked) = range else { return Some(edits) };
    let (from, to) = asked_lines(&view, id, &lines, asked);
    // An edit takes whole lines: it ends where the next begins.
    let is_inside = |it: &TextEdit| from <= it.range.start.line && it.range.end.line <= to + 1;
    Some(edits.into_iter().filter(is_inside).collect())
}

/// The first and the last line of what a range touches: whole statements, and lines that are none.
fn asked_lines(view: &View, file: FileId, lines: &Lines, asked: lsp_types::Range) -> (u32, u32) {
    let lsp_types::Range { start, end } = asked;
    // Up to the beginning of a line is not into it.
    let last = if end.character == 0 && end.line > start.line { end.line - 1 } else { end.line };
    let mut found = (start.line, last);
    for statement in view.tree(file) {
        let range = lines.range(statement.span());
        if range.start.line <= last && start.line <= range.end.line {
            found = (found.0.min(range.start.line), found.1.max(range.end.line));
        }
    }
    found
}

/// The edits by lines that make one text of another.
fn differences(old: &str, new: &str, lines: &Lines) -> Vec<TextEdit> {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    let offsets = |lines: &[&str]| -> Vec<usize> {
        let ends = lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (old_at, new_at) = (offsets(&old_lines), offsets(&new_lines));
    let diff = similar::TextDiff::from_slices(&old_lines, &new_lines);
    let changed = diff.ops().iter().filter(|it| it.tag() != similar::DiffTag::Equal);
    let edits = changed.flat_map(|it| line_by_line(it.old_range(), it.new_range()));
    edits
        .map(|(before, after)| TextEdit {
            range: lines.range_of(old_at[before.start], old_at[before.end]),
            new_text: new[new_at[after.start]..new_at[after.end]].to_owned(),
        })
        .collect()
}

/// As many lines for as many are as many edits, so that a part of them can be made.
fn line_by_line(before: Range<usize>, after: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    if before.len() == after.len() {
        before.zip(after).map(|(old, new)| (old..old + 1, new..new + 1)).collect()
    } else {
        vec![(before, after)]
    }
}

/// What all safe fixes at once are called: kinds nest at their dots, so who asks for `source.fixAll` gets it too.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.loadpath");

/// Whether a kind is one of those that a client asks for, or inside of one; the empty kind holds all, and who names none
/// wants any.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let holds = |it: &CodeActionKind| {
        let inside = kind.as_str().strip_prefix(it.as_str());
        it.as_str().is_empty() || inside.is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    only.is_none_or(|only| only.is_empty() || only.iter().any(holds))
}

fn offered(desk: &Desk, client: &Client, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
    let uri = &params.text_document.uri;
    let (view, file) = desk.view(uri)?;
    let lines = lines(desk, &view, file);
    let place = |it: &lsp_types::Range| lines.offset(it.start) as u32..lines.offset(it.end) as u32;
    // Besides what is asked about, the findings that the client names: it may know those of the whole line.
    let named = params.context.diagnostics.iter().filter(|it| it.source.as_deref() == Some(findings::SOURCE));
    let places: Vec<_> = std::iter::once(&params.range).chain(named.map(|it| &it.range)).map(place).collect();
    let only = params.context.only.as_deref();
    let mut offered: Vec<CodeAction> = Vec::new();
    // A part has the findings of all designs that include it: what one offers as another does is offered once.
    for design in desk.designs_of(desk.document(uri)?).into_iter().filter_map(Document::view) {
        for action in offered_by(desk, client, &design, &view.file(file).name, &places, only) {
            if !offered.iter().any(|it| it.title == action.title && it.edit == action.edit) {
                offered.push(action);
            }
        }
    }
    // Who names no kind is at one place, and has all of them in sight only where one is there.
    let is_asked_for = only.is_some_and(|it| !it.is_empty());
    let is_one_there = || offered.iter().any(|it| it.is_preferred == Some(true));
    if is_wanted(&FIX_ALL, only)
        && (is_asked_for || is_one_there())
        && let Some(edits) = all_fixes(desk, uri, &view, file)
    {
        offered.push(CodeAction {
            title: "Make all safe fixes".to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(changes(desk, client, std::iter::once((uri.clone(), edits)))),
            ..CodeAction::default()
        });
    }
    Some(offered.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// What a design offers at some places of one of its files, of the kinds that a client asks for.
fn offered_by(
    desk: &Desk,
    client: &Client,
    view: &View,
    name: &str,
    places: &[Range<u32>],
    only: Option<&[CodeActionKind]>,
) -> Vec<CodeAction> {
    let Some(file) = view.file_named(name) else { return Vec::new() };
    let kind = |it: ActionKind| match it {
        ActionKind::Fix | ActionKind::Accept => CodeActionKind::QUICKFIX,
        ActionKind::State => CodeActionKind::REFACTOR_REWRITE,
    };
    let formed = Formed::default();
    let offer = |action: actions::Action| CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        diagnostics: action.finding.map(|at| vec![findings::of_design(desk, view.checked, at)]),
        edit: Some(in_form(desk, client, view, &action.edits, &formed)),
        is_preferred: action.is_sure.then_some(true),
        ..CodeAction::default()
    };
    let all = actions::actions(view, file, places).into_iter();
    all.filter(|it| is_wanted(&kind(it.kind), only)).take(MOST_OFFERED).map(offer).collect()
}

/// So many changes are offered at once: who selects a whole file chooses none of a thousand.
const MOST_OFFERED: usize = 50;

/// Which files of a design are in their one form, as far as it was asked.
type Formed = RefCell<BTreeMap<FileId, bool>>;

/// Edits of a design's files: what was in its one form is so again.
fn in_form(desk: &Desk, client: &Client, view: &View, edits: &[Edit], formed: &Formed) -> WorkspaceEdit {
    let made = mend::made(&view.checked.sources, edits);
    let by_uri = made.into_iter().filter_map(|(name, text)| {
        let (id, file) = view.checked.sources.iter().find(|(_, file)| file.name == name)?;
        let was_formed = *formed.borrow_mut().entry(id).or_insert_with(|| mend::is_in_form(file));
        let again = was_formed.then(|| mend::formed(file, &text)).flatten().filter(|it| *it != text);
        let lines = lines(desk, view, id);
        let edits = if let Some(again) = again {
            differences(&file.text, &again, &lines)
        } else {
            let own = edits.iter().filter(|it| it.span.file == id);
            own.map(|it| TextEdit { range: lines.range(it.span), new_text: it.text.clone() }).collect()
        };
        Some((desk.uri_of(&name)?, edits))
    });
    changes(desk, client, by_uri)
}

/// The edits that make all safe fixes of a document, and those of what is found then.
fn all_fixes(desk: &Desk, uri: &Uri, view: &View, file: FileId) -> Option<Vec<TextEdit>> {
    let name = view.file(file).name.clone();
    let old = &view.file(file).text;
    let may_change = |it: &str| it == name;
    let mut text = None;
    let mut checked: Option<crate::check::Checked> = None;
    for _ in 0..mend::MAX_ROUNDS {
        let design = checked.as_ref().unwrap_or(view.checked);
        let mut round = mend::round(std::iter::once(design), &may_change, false);
        let Some(new) = round.texts.remove(&name) else { break };
        let (_, next) = desk.again(desk.design_of(uri)?, &[(name.clone(), new.clone())].into())?;
        if mend::tears(&next) > mend::tears(design) {
            break;
        }
        text = Some(new);
        checked = Some(next);
    }
    Some(differences(old, &text?, &lines(desk, view, file)))
}

fn completed(desk: &Desk, client: &Client, params: &CompletionParams) -> Option<CompletionList> {
    let At { view, file, offset } = at(desk, &params.text_document_position)?;
    let files = || desk.includable(&params.text_document_position.text_document.uri);
    let completion = completion::completion(&view, file, offset, &files)?;
    // A blank is typed behind nearly every word: where the line may be at its end, nobody asked.
    let trigger = params.context.as_ref().and_then(|it| it.trigger_character.as_deref());
    if completion.may_end && trigger == Some(" ") {
        return None;
    }
    let lines = lines(desk, &view, file);
    let word = completion.word;
    let written = Span { end: offset, ..word };
    Some(proposals::list(completion, &client.proposals, lines.range(word), lines.range(written)))
}

// ---- beside the text

fn lenses(desk: &Desk, client: &Client, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
    if !client.wishes.lens {
        return Some(Vec::new());
    }
    let (view, file) = desk.view(&params.text_document.uri)?;
    let lines = lines(desk, &view, file);
    let lens = |it: beside::Lens| {
        let range = lines.range(it.over);
        let place = json!({ "textDocument": params.text_document, "position": range.start });
        let command = Command { title: it.text, command: VERDICT.to_owned(), arguments: Some(vec![place]) };
        CodeLens { range, command: Some(command), data: None }
    };
    Some(beside::lenses(&view, file).into_iter().map(lens).collect())
}

/// The command of a verdict: it shows what is known of its flow.
pub(super) const VERDICT: &str = "loadpath.verdict";

/// What is known of the flow whose verdict was chosen, in one line: editors show messages so.
pub(super) fn chosen(desk: &Desk, params: &ExecuteCommandParams) -> Result<String, Refusal> {
    let refuse = |code, why: &str| Refusal { code, why: why.to_owned() };
    if params.command != VERDICT {
        return Err(refuse(ErrorCode::InvalidParams, &format!("there is no command `{}`", params.command)));
    }
    let place: TextDocumentPositionParams = read(params.arguments.first().cloned().unwrap_or_default())?;
    let told = at(desk, &place)
        .and_then(|At { view, file, offset }| hover::hover(&[&view], &view.file(file).name, offset));
    let told = told.ok_or_else(|| refuse(ErrorCode::RequestFailed, "there is no flow any more"))?;
    // What the rules have to say follows behind a line; it stands with the findings.
    let own = told.text.split("\n\n---\n\n").next().unwrap_or_default();
    let said = plain_text(own);
    Ok(said.lines().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · "))
}

fn hinted(desk: &Desk, client: &Client, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let (view, file) = desk.view(&params.text_document.uri)?;
    let lines = lines(desk, &view, file);
    let (from, to) = (lines.offset(params.range.start) as u32, lines.offset(params.range.end) as u32);
    let is_shown = |about| match about {
        About::Load => client.wishes.load,
        About::Utilisation => client.wishes.utilisation,
        About::Availability => client.wishes.availability,
    };
    let hint = |it: beside::Hint| InlayHint {
        position: lines.position(lines.line_end(it.beside.start as usize)),
        label: InlayHintLabel::String(it.text),
        kind: None,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::MarkupContent(shown(&MarkupKind::Markdown, it.told))),
        padding_left: Some(true),
        padding_right: Some(false),
        data: None,
    };
    Some(beside::hints(&view, file, from, to, is_shown).into_iter().map(hint).collect())
}

/// The findings of a document, or that they are those which the client has already.
fn diagnosed(desk: &Desk, params: &DocumentDiagnosticParams) -> Option<Value> {
    let items = desk.document(&params.text_document.uri).map(|it| findings::of_document(desk, it));
    let items = serde_json::to_value(items.unwrap_or_default()).ok()?;
    let id = format!("{:016x}", FxBuildHasher.hash_one(items.to_string()));
    if params.previous_result_id.as_ref() == Some(&id) {
        return Some(json!({ "kind": "unchanged", "resultId": id }));
    }
    Some(json!({ "kind": "full", "resultId": id, "items": items }))
}

// ---- colours

/// What words and signs are, in the order of the legend.
const CLASSES: [(Class, SemanticTokenType); 16] = [
    (Class::Keyword, SemanticTokenType::KEYWORD),
    (Class::Kind, SemanticTokenType::TYPE),
    (Class::Component, SemanticTokenType::VARIABLE),
    (Class::Group, SemanticTokenType::NAMESPACE),
    (Class::Flow, SemanticTokenType::FUNCTION),
    (Class::Template, SemanticTokenType::CLASS),
    (Class::Engine, SemanticTokenType::ENUM),
    (Class::Protocol, SemanticTokenType::INTERFACE),
    (Class::Property, SemanticTokenType::PROPERTY),
    (Class::Value, SemanticTokenType::ENUM_MEMBER),
    (Class::Rule, SemanticTokenType::METHOD),
    (Class::Tag, SemanticTokenType::DECORATOR),
    (Class::Number, SemanticTokenType::NUMBER),
    (Class::Text, SemanticTokenType::STRING),
    (Class::Comment, SemanticTokenType::COMMENT),
    (Class::Arrow, SemanticTokenType::OPERATOR),
];

/// The types of the legend.
pub(super) fn token_types() -> Vec<SemanticTokenType> {
    CLASSES.iter().map(|(_, sort)| sort.clone()).collect()
}

/// The modifiers of the legend.
pub(super) const TOKEN_MODIFIERS: [SemanticTokenModifier; 1] = [SemanticTokenModifier::DECLARATION];

fn coloured(desk: &Desk, uri: &Uri, range: Option<lsp_types::Range>) -> Option<SemanticTokens> {
    let (view, file) = desk.view(uri)?;
    let lines = lines(desk, &view, file);
    let text = &view.file(file).text;
    let (from, to) = range
        .map_or((0, text.len() as u32), |it| (lines.offset(it.start) as u32, lines.offset(it.end) as u32));
    let mut data = Vec::new();
    let mut last = lsp_types::Position::default();
    for colour in colours::colours(&view, file, from, to) {
        let token_type =
            CLASSES.iter().position(|(class, _)| *class == colour.class).unwrap_or_default() as u32;
        // A token stands on one line; a comment may go over several.
        let mut at = colour.span.start as usize;
        for piece in text[colour.span.range()].split_inclusive('\n') {
            let said = piece.trim_end_matches(['\n', '\r']);
            let (start, end) = (lines.position(at), lines.position(at + said.len()));
            at += piece.len();
            if start.line != end.line || start == end {
                continue;
            }
            let is_same_line = start.line == last.line;
            data.push(SemanticToken {
                delta_line: start.line - last.line,
                delta_start: if is_same_line { start.character - last.character } else { start.character },
                length: end.character - start.character,
                token_type,
                token_modifiers_bitset: u32::from(colour.is_declaration),
            });
            last = start;
        }
    }
    Some(SemanticTokens { result_id: None, data })
}
