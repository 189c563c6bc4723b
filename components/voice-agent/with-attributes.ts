import type { PropertyDeclarations } from 'lit';
import { attributeName } from '../../src/index.js';

/** Gives every property that says nothing else the attribute that HTML would, in both directions: `maxDuration` ↔ `max-duration`. */
export function withAttributes(properties: PropertyDeclarations): PropertyDeclarations {
  return Object.fromEntries(
    Object.entries(properties).map(([name, declaration]) => [
      name,
      { attribute: attributeName(name), reflect: true, ...declaration },
    ]),
  );
}
