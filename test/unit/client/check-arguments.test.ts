import { describe, expect, it, vi } from 'vitest';
import { checkArguments } from '../../../src/client/check-arguments.js';

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
    days: { type: 'integer', minimum: 1, maximum: 7 },
    ratio: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    unit: { enum: ['C', 'F', null] },
    mode: { const: 'fast' },
    note: { type: ['string', 'null'] },
    stops: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'object', required: ['name'] } },
    when: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    both: { allOf: [{ minimum: 2 }, { maximum: 3 }] },
  },
  required: ['city'],
  additionalProperties: false,
};

describe('arguments of a tool', () => {
  it.each([
    { city: 'ulm' },
    { city: 'ulm', days: 7, ratio: 0.5, unit: null, mode: 'fast', note: null, when: 3, both: 2 },
    { city: 'ulm', stops: [{ name: 'a', more: 1 }, { name: 'b' }] },
    { city: '𠮷𠮷' },
  ])('that are valid: %j', (value) => {
    const fitting = {
      ...schema,
      properties: { ...schema.properties, city: { type: 'string', maxLength: 5 } },
    };
    expect(checkArguments(fitting, value)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{}, 'city is missing.'],
    [{ city: 7 }, 'city does not fit type: "string".'],
    [{ city: 'u' }, 'city does not fit minLength: 2.'],
    [{ city: 'ulmulm' }, 'city does not fit maxLength: 5.'],
    [{ city: 'ULM' }, 'city does not fit pattern: "^[a-z]+$".'],
    [{ city: 'ulm', days: 1.5 }, 'days does not fit type: "integer".'],
    [{ city: 'ulm', days: 0 }, 'days does not fit minimum: 1.'],
    [{ city: 'ulm', days: 8 }, 'days does not fit maximum: 7.'],
    [{ city: 'ulm', ratio: 0 }, 'ratio does not fit exclusiveMinimum: 0.'],
    [{ city: 'ulm', ratio: 1 }, 'ratio does not fit exclusiveMaximum: 1.'],
    [{ city: 'ulm', unit: 'K' }, 'unit does not fit enum: ["C","F",null].'],
    [{ city: 'ulm', mode: 'slow' }, 'mode does not fit const: "fast".'],
    [{ city: 'ulm', note: 1 }, 'note does not fit type: ["string","null"].'],
    [{ city: 'ulm', stops: [] }, 'stops does not fit minItems: 1.'],
    [{ city: 'ulm', stops: [{ name: 'a' }, {}] }, 'stops[1].name is missing.'],
    [{ city: 'ulm', when: true }, 'when does not fit type: "string".'],
    [{ city: 'ulm', both: 4 }, 'both does not fit maximum: 3.'],
    [{ city: 'ulm', town: 'x' }, 'There is no town.'],
    [{ city: 'ulm', toString: 'x' }, 'There is no toString.'],
    [[], 'The value does not fit type: "object".'],
    ['ulm', 'The value does not fit type: "object".'],
  ])('that are invalid: %j: %s', (value, problem) => {
    expect(checkArguments(schema, value)).toBe(problem);
  });

  it('on a page where `entries()` of an array are its elements, as with Prototype.js', () => {
    const entries = vi.spyOn(Array.prototype, 'entries').mockImplementation(function (this: unknown[]) {
      return [...this] as never;
    });
    const problem = checkArguments(schema, { city: 'ulm', stops: [{ name: 'a' }, {}] });
    entries.mockRestore();
    expect(problem).toBe('stops[1].name is missing.');
  });

  it('pass unknown keywords, and a missing schema', () => {
    expect(checkArguments({ type: 'object', if: { required: ['x'] } }, {})).toBeUndefined();
    expect(checkArguments(undefined, { a: 1 })).toBeUndefined();
    expect(checkArguments({ type: 'quaternion' }, 1)).toBeUndefined();
  });
});
