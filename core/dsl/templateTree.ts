// FreeMarker's common part as a tree: texts, `${...}`, `<#if>`, `<#list>`, `<#assign>`, `<#noparse>`, comments, and the
// expressions in them. Other directives are refused by name. Parsing throws TemplateFault, which template.ts turns into an outcome.

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly expression: Term }
  | { readonly kind: 'if'; readonly branches: readonly { readonly condition: Term | undefined; readonly body: readonly Piece[] }[] }
  | { readonly kind: 'list'; readonly source: Term; readonly names: readonly string[]; readonly body: readonly Piece[]; readonly otherwise: readonly Piece[] }
  | { readonly kind: 'sep'; readonly body: readonly Piece[] }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Term };

export type Term =
  | { readonly kind: 'constant'; readonly value: string | number | boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'part'; readonly of: Term; readonly key: Term }
  | { readonly kind: 'builtin'; readonly of: Term; readonly name: string; readonly args: readonly Term[] }
  | { readonly kind: 'default'; readonly of: Term; readonly otherwise: Term | undefined }
  | { readonly kind: 'exists'; readonly of: Term }
  | { readonly kind: 'not'; readonly of: Term }
  | { readonly kind: 'minus'; readonly of: Term }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Term; readonly right: Term }
  | { readonly kind: 'sequence'; readonly items: readonly Term[] }
  | { readonly kind: 'hash'; readonly entries: readonly (readonly [Term, Term])[] };

/** What is wrong with a template, as a sentence. */
export class TemplateFault extends Error {}

const maxDepth = 100;

export function parseTemplate(text: string): readonly Piece[] {
  const tokens = stripLines(scan(text));
  const parser = new Blocks(tokens);
  return parser.all();
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly expression: Term }
  | { readonly kind: 'tag'; readonly name: string; readonly isEnd: boolean; readonly terms: readonly Term[]; readonly names: readonly string[] };

const opening = /\$\{|<#--|<#noparse>|<\/?#(?<name>[a-z]+)/g;

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const plain = (end: number): void => {
    if (end > at) tokens.push({ kind: 'text', text: text.slice(at, end) });
  };
  for (;;) {
    opening.lastIndex = at;
    const found = opening.exec(text);
    if (found === null) break;
    plain(found.index);
    const [start] = found;
    at = found.index + start.length;
    if (start === '${') {
      const terms = new Terms(text, at, '}');
      tokens.push({ kind: 'print', expression: terms.term() });
      at = terms.close('}');
    } else if (start === '<#--') {
      at = endOf(text, at, '-->', 'a comment');
      tokens.push({ kind: 'tag', name: '--', isEnd: false, terms: [], names: [] });
    } else if (start === '<#noparse>') {
      const end = endOf(text, at, '</#noparse>', '<#noparse>');
      plain(end - '</#noparse>'.length);
      at = end;
    } else {
      const tag = readTag(text, at, found.groups?.['name'] ?? '', start.startsWith('</'));
      tokens.push(tag.token);
      at = tag.end;
    }
  }
  plain(text.length);
  return tokens;
}

function endOf(text: string, from: number, mark: string, what: string): number {
  const end = text.indexOf(mark, from);
  if (end < 0) throw new TemplateFault(`${what} is not closed.`);
  return end + mark.length;
}

function readTag(text: string, at: number, name: string, isEnd: boolean): { readonly token: Token; readonly end: number } {
  const terms = new Terms(text, at, '>');
  const close = (given: readonly Term[], names: readonly string[]): { readonly token: Token; readonly end: number } => ({ token: { kind: 'tag', name, isEnd, terms: given, names }, end: terms.close('>') });
  if (isEnd) return close([], []);
  switch (name) {
    case 'if':
    case 'elseif':
      return close([terms.term()], []);
    case 'else':
    case 'sep':
      return close([], []);
    case 'list': {
      const source = terms.term();
      terms.expect('as');
      const names = [terms.identifier()];
      if (terms.accept(',')) names.push(terms.identifier());
      return close([source], names);
    }
    case 'assign': {
      const variable = terms.identifier();
      terms.expect('=');
      return close([terms.term()], [variable]);
    }
    default:
      throw new TemplateFault(`<#${name}> is not supported; <#if>, <#list>, <#assign> and <#noparse> are.`);
  }
}

/** A line with nothing but tags on it leaves nothing behind, not even its end. */
function stripLines(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  let line: Token[] = [];
  const flush = (): void => {
    const isOnlyTags = line.some(({ kind }) => kind === 'tag') && line.every((token) => token.kind === 'tag' || (token.kind === 'text' && token.text.trim() === ''));
    kept.push(...(isOnlyTags ? line.filter(({ kind }) => kind === 'tag') : line));
    line = [];
  };
  for (const token of tokens) {
    if (token.kind !== 'text') {
      line.push(token);
      continue;
    }
    for (const text of token.text.split(/(?<=\n)/)) {
      line.push({ kind: 'text', text });
      if (text.endsWith('\n')) flush();
    }
  }
  flush();
  return kept;
}

class Blocks {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): readonly Piece[] {
    const pieces = this.#until([], 0);
    const stray = this.#tokens[this.#at];
    if (stray?.kind === 'tag') throw new TemplateFault(`<${stray.isEnd ? '/' : ''}#${stray.name}> stands where it cannot.`);
    return pieces;
  }

  /** Pieces up to a tag that the block around them knows: one of `ends`, or any end tag. */
  #until(ends: readonly string[], depth: number): readonly Piece[] {
    if (depth > maxDepth) throw new TemplateFault(`The template is nested more than ${maxDepth} levels deep.`);
    const pieces: Piece[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.kind === 'tag' && (token.isEnd || ends.includes(token.name))) break;
      this.#at++;
      if (token.kind !== 'tag') pieces.push(token);
      else if (token.name !== '--') pieces.push(this.#block(token, depth));
    }
    return pieces;
  }

  #block(token: Extract<Token, { kind: 'tag' }>, depth: number): Piece {
    const [term] = token.terms;
    const [name] = token.names;
    if (token.name === 'if' && term) return this.#if(term, depth);
    if (token.name === 'list' && term) {
      const body = this.#until(['else'], depth + 1);
      const otherwise = this.#accept('else') ? this.#until([], depth + 1) : [];
      this.#end('list');
      return { kind: 'list', source: term, names: token.names, body, otherwise };
    }
    if (token.name === 'assign' && term && name !== undefined) return { kind: 'assign', name, value: term };
    if (token.name === 'sep') {
      const body = this.#until(['else'], depth + 1);
      const next = this.#tokens[this.#at];
      if (next?.kind === 'tag' && next.isEnd && next.name === 'sep') this.#at++;
      return { kind: 'sep', body };
    }
    throw new TemplateFault(`<#${token.name}> stands where it cannot.`);
  }

  #if(condition: Term, depth: number): Piece {
    const branches: { condition: Term | undefined; body: readonly Piece[] }[] = [{ condition, body: this.#until(['elseif', 'else'], depth + 1) }];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'tag' || token.isEnd) break;
      this.#at++;
      branches.push({ condition: token.terms[0], body: this.#until(['elseif', 'else'], depth + 1) });
    }
    this.#end('if');
    return { kind: 'if', branches };
  }

  #accept(name: string): boolean {
    const token = this.#tokens[this.#at];
    const isHere = token?.kind === 'tag' && !token.isEnd && token.name === name;
    if (isHere) this.#at++;
    return isHere;
  }

  #end(name: string): void {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'tag' || !token.isEnd || token.name !== name) throw new TemplateFault(`<#${name}> is not closed; </#${name}> is missing.`);
    this.#at++;
  }
}

/** From weakest to strongest. `>` is an operator only where it cannot end a tag. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!=', '='], ['gte', 'lte', 'gt', 'lt', '>=', '<=', '<', '>'], ['..'], ['+', '-'], ['*', '/', '%']];

class Terms {
  readonly #text: string;
  readonly #end: '}' | '>';
  #at: number;
  #depth = 0;
  #parentheses = 0;

  constructor(text: string, at: number, end: '}' | '>') {
    this.#text = text;
    this.#at = at;
    this.#end = end;
  }

  term(level = 0): Term {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.term(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#isOperator(candidate));
      if (operator === undefined) return left;
      this.#at += operator.length;
      left = { kind: 'binary', operator, left, right: this.term(level + 1) };
    }
  }

  close(mark: string): number {
    this.#space();
    if (mark === '>' && this.#text.startsWith('/>', this.#at)) this.#at++;
    if (!this.#text.startsWith(mark, this.#at)) throw new TemplateFault(`${mark} is expected before ${this.#shown()}.`);
    return this.#at + mark.length;
  }

  expect(mark: string): void {
    if (!this.accept(mark)) throw new TemplateFault(`${mark} is expected before ${this.#shown()}.`);
  }

  accept(mark: string): boolean {
    this.#space();
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  identifier(): string {
    this.#space();
    const found = /[\p{L}_$@][\p{L}\p{N}_$@]*/uy;
    found.lastIndex = this.#at;
    const name = found.exec(this.#text)?.[0];
    if (name === undefined) throw new TemplateFault(`A name is expected before ${this.#shown()}.`);
    this.#at += name.length;
    return name;
  }

  #isOperator(operator: string): boolean {
    this.#space();
    if (!this.#text.startsWith(operator, this.#at)) return false;
    const next = this.#text[this.#at + operator.length] ?? '';
    if (/[a-z]/.test(operator)) return !/[\p{L}\p{N}_]/u.test(next);
    if (operator.startsWith('>') && this.#end === '>' && this.#parentheses === 0) return false;
    // `-->` and `/>` close things; `=` in `<#assign x = y>` has been read before.
    return !(operator === '/' && next === '>') && !(operator === '=' && next === '=');
  }

  #unary(): Term {
    if (++this.#depth > maxDepth) throw new TemplateFault(`An expression in the template is nested more than ${maxDepth} levels deep.`);
    try {
      if (this.#text[this.#skip()] === '!' && this.#text[this.#at + 1] !== '=') {
        this.#at++;
        return { kind: 'not', of: this.#unary() };
      }
      if (this.accept('-')) return { kind: 'minus', of: this.#unary() };
      if (this.accept('+')) return this.#unary();
      return this.#steps(this.#primary());
    } finally {
      this.#depth--;
    }
  }

  #steps(first: Term): Term {
    let term = first;
    for (;;) {
      this.#space();
      const rest = this.#text.slice(this.#at, this.#at + 2);
      if (rest === '??') {
        this.#at += 2;
        term = { kind: 'exists', of: term };
      } else if (rest.startsWith('?')) {
        this.#at++;
        const name = this.identifier();
        term = { kind: 'builtin', of: term, name, args: this.accept('(') ? this.#list(')') : [] };
      } else if (rest.startsWith('!') && rest !== '!=') {
        this.#at++;
        term = { kind: 'default', of: term, otherwise: this.#startsTerm() ? this.#steps(this.#primary()) : undefined };
      } else if (rest.startsWith('.') && rest !== '..') {
        this.#at++;
        term = { kind: 'part', of: term, key: { kind: 'constant', value: this.identifier() } };
      } else if (rest.startsWith('[')) {
        this.#at++;
        const [key] = this.#list(']');
        if (key === undefined) throw new TemplateFault('The brackets are empty.');
        term = { kind: 'part', of: term, key };
      } else return term;
    }
  }

  #primary(): Term {
    const character = this.#text[this.#skip()] ?? '';
    if (character === '"' || character === "'") return { kind: 'constant', value: this.#string(character, false) };
    if (character === 'r' && /["']/.test(this.#text[this.#at + 1] ?? '')) {
      this.#at++;
      return { kind: 'constant', value: this.#string(this.#text[this.#at] ?? '', true) };
    }
    const number = /\d+(?:\.\d+)?/y;
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) {
      this.#at += digits.length;
      return { kind: 'constant', value: Number(digits) };
    }
    if (this.accept('(')) {
      const [inner, second] = this.#list(')');
      if (inner === undefined || second !== undefined) throw new TemplateFault('Parentheses hold one expression.');
      return inner;
    }
    if (this.accept('[')) return { kind: 'sequence', items: this.#list(']') };
    if (this.accept('{')) return this.#hash();
    const name = this.identifier();
    return name === 'true' || name === 'false' ? { kind: 'constant', value: name === 'true' } : { kind: 'name', name };
  }

  #list(close: string): readonly Term[] {
    this.#parentheses++;
    const items: Term[] = [];
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(',');
      items.push(this.term());
    }
    this.#parentheses--;
    return items;
  }

  #hash(): Term {
    this.#parentheses++;
    const entries: (readonly [Term, Term])[] = [];
    while (!this.accept('}')) {
      if (entries.length > 0) this.expect(',');
      const key = this.term();
      this.expect(':');
      entries.push([key, this.term()]);
    }
    this.#parentheses--;
    return { kind: 'hash', entries };
  }

  #string(quote: string, isRaw: boolean): string {
    let value = '';
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at] ?? '';
      if (character === quote) {
        this.#at = at + 1;
        if (!isRaw && value.includes('${')) throw new TemplateFault('A string with ${...} inside an expression is not supported; join texts with +.');
        return value;
      }
      if (character !== '\\' || isRaw) {
        value += character;
        continue;
      }
      const next = this.#text[++at] ?? '';
      value += { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', l: '<', g: '>', a: '&' }[next] ?? next;
    }
    throw new TemplateFault('A string in the template is not closed.');
  }

  #startsTerm(): boolean {
    return /["'\p{L}_$@\d([{]/u.test(this.#text[this.#skip()] ?? '') && !/^(?:as|gte?|lte?)\b/.test(this.#text.slice(this.#at, this.#at + 4));
  }

  #skip(): number {
    this.#space();
    return this.#at;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #shown(): string {
    const rest = this.#text.slice(this.#at, this.#at + 12);
    return rest === '' ? 'the end' : JSON.stringify(rest);
  }
}
