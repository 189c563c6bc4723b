import { VoiceAgentError, type VoiceAgentTool } from '../../src/index.js';
import { warnOnce } from '../parts/warn-once.js';

/**
 * Tools that a page declares in HTML: `<voice-agent-tool name description>` inside the element. The JSON Schema of
 * the parameters is in its property or attribute `parameters`, or in a `<script type="application/json">`. The tags
 * need no registration. A listener of `tool-call` answers with `event.respondWith(…)`.
 *
 * Optional: `execution-mode` (`interactive`, `hold`) and `timeout-seconds` (1…300).
 */
export function declaredTools(host: Element): VoiceAgentTool[] {
  // Another tag inside the element has its own tools.
  const own = [...host.querySelectorAll('voice-agent-tool')].filter(
    (element) => element.closest(host.localName) === host,
  );
  return own.map((element) => {
    const text = (name: string): string => element.getAttribute(name) ?? '';
    const name = text('name');
    const tool: VoiceAgentTool = {
      name,
      description: text('description'),
      // Read when a call starts, because only then can an error be reported.
      get parameters() {
        return parametersOf(element, name);
      },
    };
    const mode = text('execution-mode');
    if (mode === 'interactive' || mode === 'hold') tool.executionMode = mode;
    const seconds = Number(text('timeout-seconds'));
    if (seconds > 0) tool.timeoutSeconds = seconds;
    return tool;
  });
}

type Schema = Record<string, unknown>;

/** @throws {VoiceAgentError} `invalid_option` */
function parametersOf(element: Element & { readonly parameters?: unknown }, name: string): Schema {
  const { parameters } = element;
  if (parameters && typeof parameters === 'object') return parameters as Schema;
  const json = element.getAttribute('parameters') ?? element.querySelector('script')?.textContent;
  // Vue templates and JSX drop the script, and the agent would never learn the parameters.
  if (json === undefined)
    warnOnce(
      `the tool "${name}" has no schema in its attribute parameters; without arguments, write parameters="{}"`,
    );
  try {
    return JSON.parse(json?.trim() || '{"type":"object","properties":{}}') as Schema;
  } catch (cause) {
    throw VoiceAgentError.fatal('invalid_option/tool-schema', { values: { name }, cause });
  }
}
