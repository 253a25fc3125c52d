/** First words for the two classes; the user's own replace them. */

/** Names of target columns that say nothing about what is predicted. */
const GENERIC_TARGETS = /^(class|target|label|y|outcome|result|response|is|flag|binary)$/i

/** Values that are an answer, not a name. */
const ANSWERS =
  /^(|[-+]?[\d.,]+|yes|no|y|n|true|false|t|f|pos|neg|positive|negative|-1|none|null|ja|nein|oui|non)$/i

/**
 * Takes the values where they are words ("good", "bad"), else the name of the target ("Stroke",
 * "No stroke"), else "Positive" and "Negative".
 *
 * @param others  The values of the negative class.
 */
export function proposeClassNames(
  target: string,
  positive: string,
  others: readonly string[],
): { readonly positive: string; readonly negative: string } {
  if (!ANSWERS.test(positive.trim()) && others.length > 0) {
    const [other] = others
    return {
      positive: shorten(capitalise(positive.trim())),
      negative:
        others.length === 1 && !ANSWERS.test(other!.trim())
          ? shorten(capitalise(other!.trim()))
          : shorten(`Not ${positive.trim()}`),
    }
  }
  const word = target
    .replace(/^is[_\s]+/i, '')
    .replaceAll(/[_\s]+/g, ' ')
    .trim()
  if (word === '' || GENERIC_TARGETS.test(word)) {
    return { positive: 'Positive', negative: 'Negative' }
  }
  return { positive: shorten(capitalise(word)), negative: shorten(`No ${lower(word)}`) }
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en-GB') + text.slice(1)
}

/** Lower case for a plain word, but "HIV" and "NOx" stay. */
function lower(word: string): string {
  return /^\p{Lu}\p{Ll}/u.test(word)
    ? word.charAt(0).toLocaleLowerCase('en-GB') + word.slice(1)
    : word
}

/** Names of classes may have 60 characters. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).toWellFormed()}…`
}
