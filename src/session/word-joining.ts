/** Joins words into text, as each script wants it. */

/** Scripts that are written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const OPENING = '\\s\\p{Ps}\\p{Pi}';
const CLOSING = '\\s\\p{Pe}\\p{Pf}.,;:!?…%。、，！？؟،';
/** Matches a position between two signs that needs no space. */
const NO_SPACE = new RegExp(`(?<=[${UNSPACED}${OPENING}])|(?=[${UNSPACED}${CLOSING}])`, 'uy');

/** Appends a word, with a space if neither side has one and the script wants one. */
export function appendWord(text: string, word: string): string {
  if (text === '' || word === '') return text + word;
  NO_SPACE.lastIndex = text.length;
  return NO_SPACE.test(text + word) ? text + word : `${text} ${word}`;
}
