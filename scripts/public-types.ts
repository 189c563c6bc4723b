/** What the compiler knows of the public types: options, and events with what they carry. */
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project-root.mjs';

export interface PublicProperty {
  readonly name: string;
  /** As it is written, or as TypeScript prints it where it follows from something else. */
  readonly type: string;
  /** Its doc comment, on one line. */
  readonly description: string;
  /** Names of what is in `detail`, a `?` behind those that may be absent. Only of events. */
  readonly fields: readonly string[];
  /** Name of the type of `detail`. Only of events. */
  readonly detail: string;
}

/** @returns the properties of an exported interface or class, in the order of their declaration */
export type PropertiesOf = (file: string, typeName: string) => readonly PublicProperty[];

let known: PropertiesOf | undefined;

/** Compiles the element once for all that asks. */
export function publicTypes(): PropertiesOf {
  return (known ??= compile());
}

function compile(): PropertiesOf {
  const config = ts.getParsedCommandLineOfConfigFile(join(projectRoot, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  });
  const entry = join(projectRoot, 'components/voice-agent/voice-agent.ts');
  const program = ts.createProgram([entry], config?.options ?? {});
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
  return {
    name: property.name,
    type:
      written && ts.isPropertySignature(written) && written.type
        ? written.type.getText()
        : checker.typeToString(type, undefined, ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType),
    description: ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s*\n\s*/g, ' '),
    fields: fields.map(({ name, flags }) => `${name}${flags & ts.SymbolFlags.Optional ? '?' : ''}`),
    detail: detail ? checker.typeToString(detail) : '',
  };
}
