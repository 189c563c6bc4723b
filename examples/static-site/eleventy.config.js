/** The one thing that the site has to do: put the element's file, and its languages beside it, where pages find them. */
export default function (site) {
  site.addPassthroughCopy({
    'node_modules/voice-agent-element/dist/voice-agent.js': 'voice-agent/voice-agent.js',
    'node_modules/voice-agent-element/dist/locales': 'voice-agent/locales',
  });
  site.addGlobalData('tokenUrl', process.env.TOKEN_URL ?? 'http://127.0.0.1:8787/voice-token');
}
