/** Joins words into text, as each script wants it. */

/** Scripts that are written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const UNSPACED_START = new RegExp(`^${UNSPACED}`, 'u');
const UNSPACED_END = new RegExp(`${UNSPACED}$`, 'u');
const CLOSING = /^[\s\p{Pe}\p{Pf}.,;:!?…%。、，！？؟،]/u;
const OPENING = /[\s\p{Ps}\p{Pi}]$/u;

/** Appends a word, with a space if neither side has one and the script wants one. */
export function appendWord(text: string, word: string): string {
  if (text === '' || word === '') return text + word;
  const joined = OPENING.test(text) || CLOSING.test(word);
  // Two UTF-16 units of either side, because a rare character takes both.
  const unspaced = UNSPACED_END.test(text.slice(-2)) || UNSPACED_START.test(word.slice(0, 2));
  return joined || unspaced ? text + word : `${text} ${word}`;
}
