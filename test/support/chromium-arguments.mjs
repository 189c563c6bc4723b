/**
 * Switches of Chromium for tests: it runs as root and without a screen, makes no requests of its own, and plays audio before a
 * click. Tests of that restriction omit the last one.
 */
export const chromiumArguments = Object.freeze([
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]);
