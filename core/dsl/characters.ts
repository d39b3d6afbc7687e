// Which characters Java counts as parts of a name and as white space; upstream's grammar is defined by them, one UTF-16 unit at a time.

const identifierPart = /[\p{L}\p{Nl}\p{Nd}\p{Sc}\p{Pc}\p{Mc}\p{Mn}\p{Cf}]/u;
const space = /[\s\p{Z}]/u;
const noBreakSpace = /[\u00a0\u2007\u202f\ufeff]/;

export function isIdentifierPart(character: string): boolean {
  return /[\w$]/.test(character) || isIgnorableControl(character) || (character > '~' && identifierPart.test(character));
}

export function isWhitespace(character: string): boolean {
  return character === ' ' || isSeparatorControl(character) || (space.test(character) && !noBreakSpace.test(character));
}

/** Control characters that Java allows in names (and ignores): all but the white space among them. */
function isIgnorableControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code <= 8 || (code >= 0x0e && code <= 0x1b) || (code >= 0x7f && code <= 0x9f);
}

/** The four information separators are white space to Java. */
function isSeparatorControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code >= 0x1c && code <= 0x1f;
}
