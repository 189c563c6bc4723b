import { withTexts, type ToldDetails, type ToldEvent } from '../../src/client/error-texts.js';
import type { EmitSessionEvent, SessionEvent } from '../../src/session/events.js';

/** Records the events of a session, or of a part of one, as the page sees them. */
export class RecordedEvents {
  readonly all: ToldEvent[] = [];

  readonly emit: EmitSessionEvent = (type, ...[detail]) => {
    this.all.push(withTexts({ type, detail } as SessionEvent));
  };

  get types(): SessionEvent['type'][] {
    return this.all.map(({ type }) => type);
  }

  /** The details of all events of that type. */
  of<Type extends keyof ToldDetails>(type: Type): ToldDetails[Type][] {
    return this.all.filter((event) => event.type === type).map(({ detail }) => detail as never);
  }
}
