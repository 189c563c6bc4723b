import type { EmitSessionEvent, SessionEvent, SessionEventDetails } from '../../src/session/events.js';

/** Records the events of a session, or of a part of one. */
export class RecordedEvents {
  readonly all: SessionEvent[] = [];

  readonly emit: EmitSessionEvent = (type, ...[detail]) => {
    this.all.push({ type, detail } as SessionEvent);
  };

  get types(): SessionEvent['type'][] {
    return this.all.map(({ type }) => type);
  }

  /** The details of all events of that type. */
  of<Type extends keyof SessionEventDetails>(type: Type): SessionEventDetails[Type][] {
    return this.all.filter((event) => event.type === type).map(({ detail }) => detail as never);
  }
}
