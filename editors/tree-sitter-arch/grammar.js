/**
 * The `.arch` language for editors: `grammar/arch.pest`, rule by rule and under its names, so that both take and
 * refuse the same texts. In the tree an `own_link` is a `link` without a source, and a `member` an `element`.
 *
 * A line end is a word like any other: it ends a line, and where a line goes on, `_next` takes it. What touches is
 * one word (`us.api`, `40..50ms`), for between two words there may be a comment.
 */

/// <reference types="tree-sitter-cli/dsl" />

// ---- Words ------------------------------------------------------------------------------------------------

// What follows the first letter of a name: `-` stands only inside.
const REST = "(-?[A-Za-z0-9_])";
// `x3` is a count, `x`, `xy` and `x3a` are names.
const X_NAME = `x[0-9]*([A-Za-z_]|-[A-Za-z0-9_])${REST}*`;
const NAME = `([a-wyzA-Z_]${REST}*|x|${X_NAME})`;
// A rule that is accepted is not called `on`.
const RULE_NAME = `([a-np-wyzA-Z_]${REST}*|x|${X_NAME}|o|o([A-Za-mo-z0-9_]|-[A-Za-z0-9_])${REST}*|on${REST}+)`;

// `ms`, `%`, `GB/month`, `/day`; micro is written with either of two letters.
const UNIT = "((%|[A-Za-zµμ]+)(/[A-Za-zµμ]+)?|/[A-Za-zµμ]+)";
const QUANTITY = `[0-9]+(_[0-9]+)*(\\.[0-9]+)?${UNIT}?`;

// Words that begin a statement where a name or a text follows. `constraint` does so before a block as well.
const BLOCK_OPENINGS = ["system", "include", "template", "flow", "allow"];

export default grammar({
  name: "arch",

  word: ($) => $.name,

  extras: ($) => [/[ \t\r]/, $.comment],

  supertypes: ($) => [$.statement, $.value],

  // `a, b` in a block are properties, or what a link comes from: only the arrow tells.
  conflicts: ($) => [[$._word, $._path], [$._opening, $._path], [$._block_opening, $._path]],

  rules: {
    file: ($) => lines($, $.statement),

    comment: (_) => token(choice(/\/\/[^\n]*/, /\/\*[^*]*\*+([^/*][^*]*\*+)*\//)),

    _end: (_) => choice("\n", ";"),
    _next: (_) => repeat1("\n"),

    // ---- Statements -----------------------------------------------------------------------------------------

    statement: ($) =>
      choice($.link, $.system, $.include, $.template, $.flow, $.constraint, $.allow, $.element),

    system: ($) => seq("system", field("label", $.text), optional($.settings)),

    include: ($) => seq("include", field("path", $.text)),

    template: ($) =>
      seq(
        "template",
        field("name", $.name),
        ":",
        field("base", $.name),
        optional($._tail),
        optional($.body),
      ),

    // ---- Elements -------------------------------------------------------------------------------------------

    // In a file a kind alone is its own name; in a block a lone word is a property.
    element: ($) => choice($._element, field("kind", $._word)),
    member: ($) => $._element,

    // A word that begins statements is a kind like any other where no name, text or (`constraint`) block follows.
    _element: ($) =>
      choice(
        seq(field("kind", $.name), $._names, optional($._tail), optional($.body)),
        seq(field("kind", $.name), $._tail, optional($.body)),
        seq(field("kind", $._opening), $._tail_but_text, optional($.body)),
        seq(field("kind", choice($.name, $._block_opening)), $.body),
      ),

    _names: ($) => listOf($, field("name", $.name), ","),

    // A count does not follow another, which would take `x3x3`, a name, for two. So `x3 x3` is refused here, and not
    // only by the language.
    _tail: ($) =>
      choice($.count, seq(repeat1(seq(optional($.count), $._said)), optional($.count))),
    _tail_but_text: ($) =>
      choice($.count, seq(choice(seq($.count, $._said), $.engine, $.tag), optional($._tail))),
    _said: ($) => choice(field("label", $.text), $.engine, $.tag),

    engine: ($) => seq(":", listOf($, $.name, "|")),
    count: (_) => /x[0-9]+(\.\.[0-9]*)?/,
    tag: (_) => new RegExp(`#${NAME}`),

    body: ($) => block($, choice(alias($.own_link, $.link), $.link, alias($.member, $.element)), $.property),

    // ---- Properties -----------------------------------------------------------------------------------------

    settings: ($) => block($, null, $.property),

    property: ($) =>
      seq(field("name", $._word), optional(seq("=", optional($._next), field("value", $.value)))),

    value: ($) => choice($.measure, $.choice, $.text, $.list),

    choice: ($) => listOf($, $._path, "|"),

    list: ($) =>
      seq(
        "[",
        optional($._next),
        optional(
          seq(
            $.value,
            optional($._next),
            repeat(seq(",", optional($._next), $.value, optional($._next))),
            optional(seq(",", optional($._next))),
          ),
        ),
        "]",
      ),

    // `6`, `1.5M`, `40..50ms`, `2..`, `100:1`: all of it touches.
    measure: (_) => new RegExp(`${QUANTITY}(\\.\\.(${QUANTITY})?|:${QUANTITY})?`),

    // ---- Links ----------------------------------------------------------------------------------------------

    link: ($) =>
      seq(field("source", $.source), repeat1($.hop), optional($._spoken_over), optional($.settings)),
    own_link: ($) => seq(repeat1($.hop), optional($._spoken_over), optional($.settings)),

    _spoken_over: ($) =>
      choice(
        seq(field("label", $.text), optional($.protocols)),
        seq($.protocols, optional(field("label", $.text))),
      ),
    protocols: ($) => seq(":", listOf($, $.name, ",")),

    source: ($) => choice($.group, listOf($, $._path, ",")),
    hop: ($) => seq($._arrow, optional($._next), choice($.gap, $.targets)),
    _arrow: (_) => field("arrow", choice("->", "~>")),
    targets: ($) => seq($._target, repeat(seq($._relation, optional($._next), $._target))),
    group: ($) =>
      seq(
        "(",
        optional($._next),
        $._target,
        optional($._next),
        repeat(seq($._relation, optional($._next), $._target, optional($._next))),
        ")",
      ),
    _target: ($) => choice($._path, $.group),
    _relation: (_) => choice(",", "|", "/", "else"),
    gap: (_) => "...",

    // ---- Flows ----------------------------------------------------------------------------------------------

    flow: ($) =>
      seq(
        "flow",
        field("name", $.name),
        repeat(choice(field("label", $.text), $.tag)),
        optional($.flow_body),
      ),
    flow_body: ($) => block($, $.chain, $.property),
    chain: ($) => seq(field("source", $.source), repeat1($.hop)),

    // ---- Constraints ----------------------------------------------------------------------------------------

    constraint: ($) =>
      seq(
        "constraint",
        optional(field("name", $.name)),
        optional(field("label", $.text)),
        $.constraint_body,
      ),
    constraint_body: ($) => block($, null, $._demand),
    _demand: ($) => choice($.clause, $.property, alias($._bare_clause_word, $.property)),
    _bare_clause_word: ($) => field("name", as($.name, "forbid", "require")),

    clause: ($) =>
      seq(choice("forbid", "require"), "=", optional($._next), $.select, optional($.object)),
    object: ($) =>
      seq(
        $._arrow,
        optional($._next),
        choice(
          seq($.gap, $._arrow, optional($._next), $.select, optional($.without)),
          seq($.select, optional($.spoken), optional($.with)),
        ),
      ),
    without: ($) => seq("without", $.select),
    spoken: ($) => seq(":", listOf($, $.name, "|")),
    with: ($) => seq("with", $.settings),
    select: ($) =>
      seq(
        choice($.by_kind, $.tag, $._path, as($.path, "kind")),
        optional($.where),
        optional($.settings),
      ),
    where: ($) => seq("where", $.settings),
    // After `kind` a name is a kind, whatever it is; without one, `kind` is a name.
    by_kind: ($) =>
      prec(1, seq("kind", field("kind", choice($.name, as($.name, "where", "with", "without"))))),

    // ---- Accepted findings ----------------------------------------------------------------------------------

    allow: ($) =>
      seq(
        "allow",
        field("rule", alias(new RegExp(RULE_NAME), $.name)),
        optional(seq("on", listOf($, $.place, ","))),
        optional(field("reason", $.text)),
      ),
    place: ($) => choice($.tag, seq($._path, optional(seq($._arrow, optional($._next), $._path)))),

    // ---- Words ----------------------------------------------------------------------------------------------

    name: (_) => new RegExp(NAME),

    // Nothing is reserved: where no statement begins with them, these are names.
    _word: ($) => choice($.name, $._opening),
    _opening: ($) => choice($._block_opening, as($.name, "constraint")),
    _block_opening: ($) => as($.name, ...BLOCK_OPENINGS),

    _path: ($) =>
      choice(
        alias($.name, $.path),
        as($.path, "constraint", ...BLOCK_OPENINGS),
        alias(new RegExp(`${NAME}(\\.${NAME})+`), $.path),
      ),

    text: ($) =>
      seq(
        '"',
        repeat(choice(token.immediate(prec(1, /[^"\\\n]+/)), $.escape)),
        '"',
      ),
    escape: (_) => token.immediate(/\\[^\n]/),
  },
});

/** Words of the language that are names, or paths, where they stand. */
function as(name, ...words) {
  return choice(...words.map((word) => alias(word, name)));
}

/** One or more, with a sign between them after which the line goes on. */
function listOf($, item, sign) {
  return seq(item, repeat(seq(sign, optional($._next), item)));
}

/** Lines, each but the last with its end. */
function lines($, line, last = line) {
  return seq(repeat(choice($._end, seq(line, $._end))), optional(last));
}

/** A block of lines, and of items parted by commas; the last of these may keep its comma. */
function block($, line, item) {
  const items = listOf($, item, ",");
  const any = line ? choice(line, items) : items;
  const keptComma = seq(items, ",", optional($._next), optional(seq(";", repeat($._end))));
  return seq("{", lines($, any, choice(any, keptComma)), "}");
}
