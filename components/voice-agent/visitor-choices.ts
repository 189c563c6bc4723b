/**
 * What a visitor can change of a conversation. The property holds the present value. The attribute is the page's: never
 * written here, it is the initial value, and a command until the visitor has chosen otherwise, as with `<input value>`.
 * A framework that puts the server's markup over the page (idiomorph, Turbo, LiveView) finds nothing to take away.
 */
const BY_ATTRIBUTE = {
  muted: 'muted',
  open: 'open',
  volume: 'volume',
  'microphone-id': 'microphoneId',
  'speaker-id': 'speakerId',
  'input-mode': 'inputMode',
} as const;

export const VISITOR_CHOICES = Object.values(BY_ATTRIBUTE);

export type VisitorChoice = (typeof BY_ATTRIBUTE)[keyof typeof BY_ATTRIBUTE];

/** Which of them were chosen by the visitor. */
export class VisitorChoices {
  readonly #chosen = new Set<VisitorChoice>();

  note(...names: readonly VisitorChoice[]): void {
    for (const name of names) this.#chosen.add(name);
  }

  forget(name: VisitorChoice): void {
    this.#chosen.delete(name);
  }

  /** A change of this attribute counts no more. */
  outranks(attribute: string): boolean {
    return this.#chosen.has(BY_ATTRIBUTE[attribute as keyof typeof BY_ATTRIBUTE]);
  }
}
