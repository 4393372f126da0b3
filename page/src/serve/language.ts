// The colours of a design while it is typed. What a word is follows from where it stands, as in the grammar: nothing is
// reserved, and each kind is one, whoever declared it.
import { StreamLanguage, type StringStream } from "@codemirror/language";

interface State {
  /** Within a comment of several lines. */
  isComment: boolean;
  /** Whether a statement, or a line of a block, begins here. */
  begins: boolean;
  /** The sign before. */
  sign: string;
}

const WORD = /^[\p{L}_](?:[\p{L}\p{N}_]|-(?!>))*/u;
const NUMBER = /^\d(?:[\w.%]|\/(?=\w))*/;
const STATEMENT = /^(?:system|include|template|flow|constraint|allow|region|zone|host|network|group)$/;
const CLAUSE = /^(?:on|else|without|where|with|forbid|require|because|any|none)$/;

export const arch = StreamLanguage.define<State>({
  name: "arch",
  startState: () => ({ isComment: false, begins: true, sign: "" }),
  token: (stream, state) => {
    if (stream.sol()) Object.assign(state, { begins: true, sign: "" });
    if (stream.eatSpace()) return null;
    return token(stream, state);
  },
  languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
});

function token(stream: StringStream, state: State): string | null {
  if (state.isComment || stream.match("/*")) {
    state.isComment = !stream.match(/^.*?\*\//);
    if (state.isComment) stream.skipToEnd();
    return "comment";
  }
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match(WORD)) return word(stream, state);
  const begins = state.begins;
  state.begins = false;
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^(?:->|~>|<->)/)) return "operator";
  if (stream.match(/^#[\w-]+/)) return "labelName";
  if (stream.match(NUMBER)) return "number";
  state.sign = stream.next() ?? "";
  // A quoted line of Markdown begins after its sign.
  state.begins = "{};".includes(state.sign) || (begins && state.sign === ">");
  return "{}[]()".includes(state.sign) ? "bracket" : "punctuation";
}

function word(stream: StringStream, state: State): string {
  const { begins, sign } = state;
  state.begins = false;
  const written = stream.current();
  const isNamed = stream.match(/^\s+(?=[\p{L}_"])/u, false);
  if (begins && STATEMENT.test(written) && (isNamed || stream.match(/^\s*\{/, false))) return "keyword";
  if (/^x\d/.test(written)) return "number";
  if (stream.match(/^\s*=(?!=)/, false)) return "propertyName";
  if (CLAUSE.test(written) && !begins) return "keyword";
  if (begins && isNamed) return "typeName";
  if (sign === ":") return "className";
  return "variableName";
}
