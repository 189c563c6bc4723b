/** Prepares what the visitor would otherwise wait for. Nothing here is billed, and no token is requested. */
import { microphonePermission } from '../audio/devices.js';
import { prepareSound } from '../loading/voice-node.js';
import { serverUrlOf, type VoiceAgentOptions } from './options.js';
import { prepareSessionHost } from './session-host.js';

export function prepareCall(options: VoiceAgentOptions): void {
  const { assetBase } = options;
  // It may have changed since the page was loaded.
  void microphonePermission();
  // A mouse presses and focuses.
  if (!prepareSessionHost(assetBase)) return;
  prepareSound(assetBase);
  preconnect(serverUrlOf(options));
}

/** Resolves the service's host and connects to it; the browser closes the connection if nothing follows. */
function preconnect(serverUrl: string): void {
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.href = serverUrl.replace(/^ws/, 'http');
  document.head.append(link);
  link.remove();
}
