/**
 * What a visitor can change. The property holds the current value. The attribute belongs to the page and is never
 * written by the element. It is the initial value, and as with `<input value>`, later changes apply only until the
 * visitor has chosen otherwise. So a framework that morphs the server's markup into the page (idiomorph, Turbo,
 * LiveView) has nothing to remove.
 */
export const VISITOR_CHOICES = ['muted', 'open', 'volume', 'microphoneId', 'speakerId', 'inputMode'] as const;

export type VisitorChoice = (typeof VISITOR_CHOICES)[number];
