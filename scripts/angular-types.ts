/**
 * Types of the tags for Angular, made from the manifest: a directive for each tag, by which the compiler of templates knows its
 * properties and events, as it knows those of any directive.
 *
 * At run time the directives are empty. Angular then sets properties on the element itself and listens to its own events,
 * which is all that there is to do; a directive with an output of that name would have every event come twice.
 */
import { elementImports, eventMap, settableProperties } from './framework-types.js';
import type { ElementDeclaration } from './manifest.js';

/** `VoiceAgentElement` → `VoiceAgentTag`. */
function tagClass({ name }: ElementDeclaration): string {
  return name.replace(/Element$/, 'Tag');
}

/** What Angular's own compiler writes for a library: the application's build links it with the Angular that is there. */
export function angularModule(elements: readonly ElementDeclaration[]): string {
  const classes = elements.map((element) => {
    const name = tagClass(element);
    return `export class ${name} {
  static ɵfac = i0.ɵɵngDeclareFactory({ minVersion: '12.0.0', version: '17.0.0', ngImport: i0, type: ${name}, deps: [], target: i0.ɵɵFactoryTarget.Directive });
  static ɵdir = i0.ɵɵngDeclareDirective({ minVersion: '14.0.0', version: '17.0.0', ngImport: i0, type: ${name}, isStandalone: true, selector: '${element.tagName}' });
}
`;
  });
  return `/*! MIT. */\nimport * as i0 from '@angular/core';\n\n${classes.join('\n')}`;
}

export function angularTypes(elements: readonly ElementDeclaration[]): string {
  return `${elementImports(elements)}import type { EventEmitter } from '@angular/core';
import type * as i0 from '@angular/core';

${elements.map(tagType).join('\n\n')}
`;
}

function tagType(element: ElementDeclaration): string {
  const { name, tagName, attributes, events = [] } = element;
  const settable = settableProperties(element);
  const isMarkup = (property: string): boolean =>
    attributes.some(({ fieldName, type }) => fieldName === property && /^(boolean|number)$/.test(type.text));
  const eventNames = events.map((event) => event.name);
  const lines = [
    ...settable.map((property) => `${property}: ${name}['${property}'];`),
    // As an attribute in a template: `<voice-agent muted volume="0.5">`.
    ...settable
      .filter(isMarkup)
      .map((property) => `static ngAcceptInputType_${property}: ${name}['${property}'] | string;`),
    ...eventNames.map((event) => `readonly '${event}': EventEmitter<(${eventMap(element)})['${event}']>;`),
    `static ɵfac: i0.ɵɵFactoryDeclaration<${tagClass(element)}, never>;`,
    `static ɵdir: i0.ɵɵDirectiveDeclaration<${[
      tagClass(element),
      `'${tagName}'`,
      'never',
      `{ ${settable.map((property) => `'${property}': { alias: '${property}'; required: false }`).join('; ')} }`,
      `{ ${eventNames.map((event) => `'${event}': '${event}'`).join('; ')} }`,
      ...['never', 'never', 'true', 'never'],
    ].join(', ')}>;`,
  ];
  return `export declare class ${tagClass(element)} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
}
