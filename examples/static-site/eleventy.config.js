/** The one thing that the site has to do: put the element's files where pages find them, all in one folder. */
export default function (site) {
  site.addPassthroughCopy({
    // The script, its pictures, and the parts that some attributes ask for.
    'node_modules/voice-agent-element/dist/voice-agent*.js': 'voice-agent',
    'node_modules/voice-agent-element/dist/locales': 'voice-agent/locales',
  });
  site.addGlobalData('tokenUrl', process.env.TOKEN_URL ?? 'http://127.0.0.1:8787/voice-token');
}
