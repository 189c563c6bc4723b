import { VoiceAgentError, type VoiceAgentTool } from '../../src/index.js';

/**
 * Tools that a page offers in HTML: `<voice-agent-tool name description>` inside the element, with the JSON Schema of
 * the arguments in a `<script type="application/json">`. Nothing needs to be registered for them. Their calls are
 * answered by a listener of `tool-call`, with `event.respondWith(…)`.
 *
 * Optional: `execution-mode` (`interactive`, `hold`) and `timeout-seconds` (1…300).
 */
export function declaredTools(host: Element): VoiceAgentTool[] {
  return [...host.querySelectorAll('voice-agent-tool')].map((element) => {
    const text = (name: string): string => element.getAttribute(name) ?? '';
    const tool: VoiceAgentTool = {
      name: text('name'),
      description: text('description'),
      // Read when a call begins: only then can a mistake in it be told.
      get parameters() {
        return parametersOf(element);
      },
    };
    const mode = text('execution-mode');
    if (mode === 'interactive' || mode === 'hold') tool.executionMode = mode;
    const seconds = Number(text('timeout-seconds'));
    if (seconds > 0) tool.timeoutSeconds = seconds;
    return tool;
  });
}

/** @throws {VoiceAgentError} `invalid_option` */
function parametersOf(element: Element): Record<string, unknown> {
  const json = element.querySelector('script')?.textContent.trim() ?? '';
  try {
    return JSON.parse(json === '' ? '{"type":"object","properties":{}}' : json) as Record<string, unknown>;
  } catch (error) {
    throw VoiceAgentError.fatal('invalid_option/tool-schema', {
      values: { name: element.getAttribute('name') ?? '' },
      cause: error,
    });
  }
}
