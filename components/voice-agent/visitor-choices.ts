/**
 * What a visitor can change. The property holds the current value. The attribute belongs to the page and is never
 * written here. It is the initial value, and as with `<input value>`, later changes apply only until the visitor has
 * chosen otherwise. So a framework that morphs the server's markup into the page (idiomorph, Turbo, LiveView) has
 * nothing to remove.
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

/** Those that the visitor has chosen. */
export class VisitorChoices {
  readonly #chosen = new Set<VisitorChoice>();

  note(...names: readonly VisitorChoice[]): void {
    for (const name of names) this.#chosen.add(name);
  }

  forget(name: VisitorChoice): void {
    this.#chosen.delete(name);
  }

  /** Whether changes of this attribute are ignored. */
  outranks(attribute: string): boolean {
    return this.#chosen.has(BY_ATTRIBUTE[attribute as keyof typeof BY_ATTRIBUTE]);
  }
}
