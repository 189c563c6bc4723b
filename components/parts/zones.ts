interface ZoneOfPage {
  readonly root: { run<Result>(act: () => Result): Result };
}

/**
 * With zone.js, Angular looks for changes after everything that was asked for in its zone: after every event, timer and
 * frame. What is asked for in `act` does not count; listeners of the page do, whoever dispatches the event.
 */
export function outsideZones<Result>(act: () => Result): Result {
  const { Zone } = globalThis as { readonly Zone?: ZoneOfPage };
  return Zone ? Zone.root.run(act) : act();
}
