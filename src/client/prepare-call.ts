/** What a visitor who is about to call need not wait for: nothing of it is billed, and no token is requested. */
import { prepareSound } from '../loading/voice-node.js';
import { serverUrlOf, type VoiceAgentOptions } from './options.js';
import { prepareSessionHost } from './session-host.js';

export function prepareCall(options: VoiceAgentOptions): void {
  const { assetBase } = options;
  // A mouse presses and focuses.
  if (!prepareSessionHost(assetBase)) return;
  prepareSound(assetBase);
  preconnect(serverUrlOf(options));
}

/** The way to the service is looked up and its certificate checked; the browser forgets it if nothing follows. */
function preconnect(serverUrl: string): void {
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.href = serverUrl.replace(/^ws/, 'http');
  document.head.append(link);
  link.remove();
}
