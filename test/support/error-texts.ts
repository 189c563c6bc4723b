/** The English texts of failures as the source holds them: what a language may translate. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../scripts/project-root.mjs';

/** Failures that only the page's developer can cause or mend; they are told in English. */
const DEVELOPERS_CODES =
  /^(invalid_option|immutable_field|insecure_page|api_key_in_page|engine_failed|token_\w+|unauthorized|protocol_error|stopped|internal_client_error)$/;
/** So are hints that name what is in the page's source or its policy. */
const DEVELOPERS_HINT = /content security policy|server-url|input-encoding|iframe|start\(\)/;

/** Functions that make an error, and which of their arguments is the code; message and hint follow it. */
const MAKERS: Readonly<Record<string, number>> = {
  'VoiceAgentError.fatal': 0,
  'VoiceAgentError.notice': 0,
  'this.#notice': 0,
  'this.#limit': 1,
};

/**
 * Every message and hint that a visitor may read and that is the same each time; what stands in parentheses at the end
 * (a close code, a name) does not count. A message made of parts stays English, and its hint with it.
 */
export function visitorsErrorTexts(): Set<string> {
  const texts = new Set<string>();
  for (const path of sourceFiles()) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) for (const text of textsOf(node, source)) texts.add(text);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return texts;
}

function sourceFiles(): string[] {
  return ['src', 'components'].flatMap((room) =>
    readdirSync(join(projectRoot, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .map((name) => join(projectRoot, room, name)),
  );
}

function textsOf(call: ts.CallExpression, source: ts.SourceFile): string[] {
  const codeIndex = MAKERS[call.expression.getText(source)];
  if (codeIndex === undefined) return [];
  const [code, message, hint] = call.arguments.slice(codeIndex);
  if (!code || !message || !hint) return [];
  if (ts.isStringLiteral(code) && DEVELOPERS_CODES.test(code.text)) return [];
  const messages = literals(message, source);
  if (!messages) return [];
  const hints = (literals(hint, source) ?? []).filter((text) => !DEVELOPERS_HINT.test(text));
  return [...messages, ...hints];
}

/** The texts that an expression may be, none where it comes from elsewhere; undefined when it is made of parts. */
function literals(node: ts.Expression, source: ts.SourceFile): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return withoutDetail(node);
  if (ts.isConditionalExpression(node)) {
    const [one, other] = [literals(node.whenTrue, source), literals(node.whenFalse, source)];
    return one && other && [...one, ...other];
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
    return returnedBy(node.expression.text, source);
  return [];
}

/** `The connection was lost (close code ${code}).` → `The connection was lost.` */
function withoutDetail({ head, templateSpans }: ts.TemplateExpression): string[] | undefined {
  const [, start] = /^(.*) \([^(]*$/.exec(head.text) ?? [];
  const end = templateSpans.at(-1)?.literal.text;
  return start !== undefined && templateSpans.length === 1 && end === ').' ? [`${start}.`] : undefined;
}

function returnedBy(name: string, source: ts.SourceFile): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression)
      texts.push(...(literals(node.expression, source) ?? []));
    ts.forEachChild(node, visit);
  };
  source.forEachChild((node) => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === name) visit(node);
  });
  return texts;
}
