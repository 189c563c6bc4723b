import type { PropertyDeclarations } from 'lit';

/** Gives every property that names no attribute the one that HTML would: `maxDuration` → `max-duration`. */
export function withAttributes(properties: PropertyDeclarations): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(properties).map(([name, declaration]) => [
      name,
      { attribute: name.replace(/[A-Z]/g, '-$&').toLowerCase(), ...declaration },
    ]),
  );
}
