/**
 * How the tests start Chromium: able to run as root and without a screen, quiet on the network, and free to play sound
 * before a click (a test of that very gate leaves the last one out).
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
