/** All that the site must do: publish the element's files together in one folder. */
export default function (site) {
  site.addPassthroughCopy({
    // The script, and the parts that some attributes request.
    'node_modules/voice-agent-element/dist/voice-agent*.js': 'voice-agent',
    'node_modules/voice-agent-element/dist/locales': 'voice-agent/locales',
  });
  site.addGlobalData('tokenUrl', process.env.TOKEN_URL ?? 'http://127.0.0.1:8787/voice-token');
}
