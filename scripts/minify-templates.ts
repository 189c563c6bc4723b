/** A plugin for Lit's templates, which a minifier of JavaScript leaves alone: CSS through lightningcss, white space in HTML. */
import { transform } from 'lightningcss';
import MagicString from 'magic-string';
import type { Plugin } from 'rolldown';
import { Visitor } from 'rolldown/utils';

/** Our own modules; those of Lit are minified by their authors. */
const COMPONENTS = /[\\/]components[\\/].*\.ts$/;

export function minifyTemplates(): Plugin {
  return {
    name: 'minify-templates',
    transform: {
      filter: { id: COMPONENTS },
      handler(code, id) {
        const text = new MagicString(code);
        const visitor = new Visitor({
          TaggedTemplateExpression({ tag, quasi: { quasis } }) {
            if (tag.type !== 'Identifier' || !/^(css|html|svg)$/.test(tag.name)) return;
            const written = quasis.map(({ start, end }) => code.slice(start, end));
            const minified = tag.name === 'css' ? minifyCss(written, id) : written.map(collapse);
            for (const [index, { start, end }] of quasis.entries())
              if (end > start) text.update(start, end, minified[index]!);
          },
        });
        visitor.visit(this.parse(code, { lang: 'ts', astType: 'js' }));
        return text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: true }) } : null;
      },
    },
  };
}

/** In HTML, white space of any length is one space. */
function collapse(html: string): string {
  return html.replace(/\s*\n\s*/g, ' ').replace(/ (?=>)/g, '');
}

/** A declaration in the place of an interpolation, which lightningcss keeps as it is. */
const PLACEHOLDER = /--_interpolation:\d+/;

/** @returns as many texts as before. Each interpolation must be in a place where declarations are allowed. */
function minifyCss(texts: readonly string[], filename: string): string[] {
  const sheet = texts.reduce((before, text, index) => `${before}--_interpolation:${index};${text}`);
  // A list of declarations alone is not a style sheet.
  const [, before = '', after = ''] = sheet.includes('{') ? [] : ['', ':host{', '}'];
  const { code } = transform({ filename, code: Buffer.from(before + sheet + after), minify: true });
  const minified = code.toString();
  const parts = minified.slice(before.length, minified.length - after.length).split(PLACEHOLDER);
  if (parts.length !== texts.length)
    throw new Error(`${filename}: an interpolation got lost in a style sheet.`);
  // The code is the text of a template.
  return parts.map((part) => part.replace(/[\\`]/g, '\\$&'));
}
