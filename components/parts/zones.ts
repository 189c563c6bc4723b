interface ZoneOfPage {
  readonly root: { run<Result>(act: () => Result): Result };
}

/**
 * With zone.js, Angular looks for changes after every event, timer and frame that was requested in its zone.
 * Requests made in `act` do not count. The page's own listeners still do.
 */
export function outsideZones<Result>(act: () => Result): Result {
  // Without zone.js, an element of the page may have this id.
  const { root } = (globalThis as { readonly Zone?: Partial<ZoneOfPage> }).Zone ?? {};
  return root ? root.run(act) : act();
}
