/** The public types, read by the compiler: options, and events with their details. */
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project-root.mjs';

export interface PublicProperty {
  readonly name: string;
  /** As written in the source, or as TypeScript prints an inferred type. */
  readonly type: string;
  /** Without null and undefined; a named union as its members, which an editor can complete. */
  readonly attributeType: string;
  /** Its doc comment, on one line. */
  readonly description: string;
  /** Names of the fields of `detail`, optional ones with a `?`. For events only. */
  readonly fields: readonly string[];
  /** Name of the type of `detail`. For events only. */
  readonly detail: string;
}

/** @returns the properties of an exported interface or class, in the order of their declaration */
export type PropertiesOf = (file: string, typeName: string) => readonly PublicProperty[];

const ENTRIES = ['components/voice-agent/voice-agent.ts', 'components/define-parts.ts'];
const { UseSingleQuotesForStringLiteralType: QUOTES, InTypeAlias } = ts.TypeFormatFlags;

let known: PropertiesOf | undefined;

/** Compiles the elements once for all callers. */
export function publicTypes(): PropertiesOf {
  return (known ??= compile());
}

function compile(): PropertiesOf {
  const config = ts.getParsedCommandLineOfConfigFile(join(projectRoot, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  });
  const entries = ENTRIES.map((entry) => join(projectRoot, entry));
  const program = ts.createProgram(entries, config?.options ?? {});
  const checker = program.getTypeChecker();
  return (file, typeName) => {
    const source = program.getSourceFile(join(projectRoot, file))!;
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!);
    const symbol = exported.find(({ name }) => name === typeName);
    if (!symbol) throw new Error(`${file} exports no ${typeName}.`);
    return checker
      .getDeclaredTypeOfSymbol(symbol)
      .getProperties()
      .map((property) => describe(checker, property));
  };
}

function describe(checker: ts.TypeChecker, property: ts.Symbol): PublicProperty {
  const type = checker.getTypeOfSymbol(property);
  const carried = type.getProperty('detail');
  const detail = carried && checker.getTypeOfSymbol(carried);
  const fields = detail && detail.flags & ts.TypeFlags.Object ? checker.getPropertiesOfType(detail) : [];
  const { valueDeclaration: written } = property;
  const value = checker.getNonNullableType(type);
  const text =
    written && (ts.isPropertySignature(written) || ts.isPropertyDeclaration(written)) && written.type
      ? written.type.getText()
      : checker.typeToString(type, undefined, QUOTES);
  return {
    name: property.name,
    type: text,
    attributeType: value.isUnion()
      ? checker.typeToString(value, undefined, QUOTES | InTypeAlias)
      : text.replace(/ \| (null|undefined)/g, ''),
    description: ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s*\n\s*/g, ' '),
    fields: fields.map(({ name, flags }) => `${name}${flags & ts.SymbolFlags.Optional ? '?' : ''}`),
    detail: detail ? checker.typeToString(detail) : '',
  };
}
