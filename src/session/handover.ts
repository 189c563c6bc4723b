/** What a fresh session is told when it takes over a conversation whose own session is gone. */
import type { SessionConfig } from '../protocol/messages.js';

/**
 * The same agent with the dialogue so far in its prompt and no second greeting. A stored agent cannot be given a prompt
 * beside its id, so its resolved fields are sent instead of the id; its HTTP tools live at the server only and are
 * left out.
 * @param config the session as the server resolved it, with the page's later changes.
 */
export function successorConfig(config: SessionConfig, dialogue: string): SessionConfig {
  const { agent_id: _id, greeting: _greeting, tools, ...rest } = config;
  const prompt = [
    rest.system_prompt,
    dialogue === ''
      ? undefined
      : `The conversation was interrupted by the network. Go on where it stopped, without greeting again. So far:\n${dialogue}`,
  ].filter((part) => part !== undefined && part !== '');
  return {
    ...rest,
    ...(prompt.length > 0 ? { system_prompt: prompt.join('\n\n') } : {}),
    ...(tools ? { tools: tools.filter((tool) => tool['http'] === undefined || tool['http'] === null) } : {}),
  };
}
