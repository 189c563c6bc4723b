/**
 * Every failure this library reports, in English. The key is the error's `code`, or `code/reason` where one code has
 * several causes. Words in braces are filled from the error's `values`.
 */

export interface ErrorText {
  /** What happened, in one sentence. */
  readonly message: string;
  /** What a visitor can do. Without it, only the author of the page can do something, and visitors read `OUTAGE`. */
  readonly hint?: string;
  /** What the author of the page can do. Never shown on the page. */
  readonly author?: string;
}

const BROWSERS = 'Use a current version of Chrome, Edge, Firefox or Safari.';
const BLOCKED = 'The microphone is blocked.';
const NETWORK = 'Check your internet connection and try again.';
const ADDRESS = 'Check server-url, and connect-src in the content security policy.';
const FRAME = 'In a frame, the embedding page also needs <iframe allow="microphone">.';
const LATER = 'Try again in a minute.';
const PROBLEM = 'The service had a problem.';
const ENGINE_RATE = 'Use a whole number of Hz from {min} to {max}.';

export const ERRORS = {
  // ── options and page ────────────────────────────────────────────────────────────────────────────────────────────
  'invalid_option/choice': {
    message: 'The value of {name} is not valid.',
    author: 'Use one of {choices}.',
  },
  'invalid_option/number': {
    message: 'The value of {name} is not valid.',
    author: 'Use a number from 0 to {max}.',
  },
  'invalid_option/server-url': {
    message: 'The value of server-url is not valid.',
    author: 'Use a wss: address. ws: is allowed for loopback addresses only.',
  },
  'invalid_option/token-url': {
    message: 'The value of token-url is not valid.',
    author: 'Use an https: address, or an address on the page’s own server.',
  },
  'invalid_option/agent-id': {
    message: 'agent-id cannot be combined with {names}.',
    author: 'A stored agent has its own {names}. Remove one or the other.',
  },
  'invalid_option/json': {
    message: '{name} cannot be written as JSON.',
    author: 'Use plain objects, arrays, texts and numbers, without circles.',
  },
  'invalid_option/tool-schema': {
    message: 'The schema of the tool {name} is not valid JSON.',
    author: 'Correct the parameters attribute of its voice-agent-tool, or the script inside.',
  },
  'invalid_option/bytes': {
    message: '{bytes} bytes are not a whole number of 16-bit samples.',
    author: 'Pass decode() an even number of bytes, or use createDecoder(), which carries the odd byte over.',
  },
  'invalid_option/encoding': {
    message: '{encoding} is not an encoding of the Voice Agent API.',
    author: 'Use one of {choices}.',
  },
  'invalid_option/rate': {
    message: '{name} is {rate}, which the engine cannot convert.',
    author: ENGINE_RATE,
  },
  immutable_field: {
    message: '{fields} cannot be changed during a call.',
    author: 'Stop the call, change the field, then start again.',
  },
  insecure_page: {
    message: 'Browsers give the microphone to secure pages only.',
    author: 'Serve this page over HTTPS or from localhost.',
  },
  api_key_in_page: {
    message: 'The token looks like an API key, which every visitor could read.',
    author: 'Keep the key on your server, create temporary tokens there, and set token-url to that endpoint.',
  },
  unsupported_browser: {
    message: 'This browser does not support voice conversations.',
    hint: BROWSERS,
  },
  'unsupported_browser/policy': {
    message: 'The browser refused to load the session script.',
    author: 'Allow blob: in worker-src or script-src, or serve the strict build.',
  },
  version_mismatch: {
    message: '{file} is from another version ({theirs}) than the script of the page ({ours}).',
    author: 'Replace all files of the build together, and reload the page without the cache.',
  },

  // ── microphone ──────────────────────────────────────────────────────────────────────────────────────────────────
  'microphone_denied/system': {
    message: BLOCKED,
    hint: 'Allow this browser to use the microphone in your system’s privacy settings.',
  },
  'microphone_denied/firefox': {
    message: BLOCKED,
    hint: 'Click the crossed-out microphone next to the address and remove the block.',
    author: FRAME,
  },
  'microphone_denied/chrome': {
    message: BLOCKED,
    hint: 'Click the icon next to the address and turn on the microphone.',
  },
  'microphone_denied/other': {
    message: BLOCKED,
    hint: 'Open the website settings in the address bar and allow the microphone.',
    author: FRAME,
  },
  'microphone_denied/frame': {
    message: 'This frame is not allowed to use the microphone.',
    author: 'The embedding page needs <iframe allow="microphone">.',
  },
  microphone_missing: {
    message: 'No microphone was found.',
    hint: 'Connect a microphone, or choose one in your sound settings.',
  },
  microphone_in_use: {
    message: 'The microphone could not be opened.',
    hint: 'Close other apps that may be using it.',
  },
  microphone_failed: {
    message: 'The microphone is not working.',
    hint: 'Check your sound settings, or try another microphone.',
    author: 'The browser reported {name}.',
  },
  microphone_lost: {
    message: 'Your microphone was disconnected.',
    hint: 'Connect it again or connect another one. The conversation will continue.',
  },
  'microphone_lost/denied': {
    message: BLOCKED,
    hint: 'Allow it in the browser’s website settings. The conversation will continue.',
  },
  microphone_changed: {
    message: 'Your microphone has changed.',
    hint: 'You can choose another one in your sound settings.',
  },
  'microphone_changed/named': {
    message: 'Your microphone is now “{name}”.',
    hint: 'You can choose another one in your sound settings.',
  },
  microphone_muted: {
    message: 'Your device or browser has muted the microphone.',
    hint: 'Look for a mute switch on the device, or check your sound settings.',
  },
  microphone_silent: {
    message: 'No sound comes from your microphone.',
    hint: 'Check its mute switch, or choose another microphone.',
  },

  // ── sound ───────────────────────────────────────────────────────────────────────────────────────────────────────
  speaker_failed: {
    message: 'This speaker cannot be used.',
    hint: 'Choose another one. The sound stays on the previous speaker.',
  },
  audio_blocked: {
    message: 'The browser blocked the sound.',
    hint: 'Check that a speaker or headphones are connected, then try again.',
    author: 'Call start() from a click or key press.',
  },
  audio_interrupted: {
    message: 'Your device interrupted the sound.',
    hint: 'It returns automatically, or when you tap the page.',
  },
  audio_failed: {
    message: 'The sound stopped working.',
    hint: 'Start the conversation again.',
  },
  'audio_failed/worklet': {
    message: 'The sound could not be started.',
    hint: 'Reload the page.',
  },
  'audio_failed/policy': {
    message: 'The browser refused to load the audio worklet.',
    author: 'Allow blob: in script-src, or serve the strict build.',
  },
  'engine_failed/load': {
    message: 'The audio engine could not be loaded.',
    author:
      'Put engine.wasm next to the script or in asset-base, and allow it in connect-src of the content security policy.',
  },
  'engine_failed/compile': {
    message: 'The audio engine could not be compiled.',
    author: 'It needs WebAssembly SIMD, and ‘wasm-unsafe-eval’ in script-src of the content security policy.',
  },
  'engine_failed/start': {
    message: 'The audio engine could not be started.',
    author: 'The device may be low on memory, or engine.wasm may be from another version.',
  },

  // ── token ───────────────────────────────────────────────────────────────────────────────────────────────────────
  token_missing: {
    message: 'The voice agent has no way to get a token.',
    author: 'Set token-url to the address of a token endpoint.',
  },
  'token_failed/get-token': {
    message: 'The page’s getToken() failed.',
    author: 'Its error is the cause of this one, and is in the console.',
  },
  'token_failed/endpoint': {
    message: 'The token endpoint could not be reached.',
    author: 'Check token-url, its CORS headers, and connect-src in the content security policy.',
  },
  token_refused: {
    message: 'The token endpoint answered with status {status}.',
    author: 'Check token-url and the endpoint’s log.',
  },
  token_invalid: {
    message: '{source} returned no token.',
    author: 'getToken() must return a string, an endpoint JSON with a field "token".',
  },
  token_timeout: {
    message: 'The token did not arrive in time.',
    author: 'Check the token endpoint.',
  },
  unauthorized: {
    message: 'The service did not accept the token.',
    author:
      'Check that the token endpoint creates a new token for every request, with a valid API key, and that no cache or service worker answers for it (token-method="post").',
  },

  // ── connection ──────────────────────────────────────────────────────────────────────────────────────────────────
  connection_failed: {
    message: 'The service could not be reached.',
    hint: NETWORK,
    author: ADDRESS,
  },
  'connection_failed/retrying': {
    message: 'The connection failed.',
    hint: 'Trying again.',
  },
  connection_timeout: {
    message: 'The service did not answer in time.',
    hint: NETWORK,
    author: ADDRESS,
  },
  connection_lost: {
    message: 'The connection was lost.',
    hint: NETWORK,
    author: 'The close code was {closeCode}.',
  },
  ready_timeout: {
    message: 'The service did not start the conversation in time.',
    hint: LATER,
    author: 'Check the status of the service.',
  },
  ended_timeout: {
    message: 'The service did not confirm the end of the call.',
    author: 'Check the network. The service ends an abandoned session after 30 seconds.',
  },
  session_lost: {
    message: 'The call was lost because its session stopped responding.',
    hint: 'Start the call again.',
    author: 'The session worker stopped responding. The device may be low on memory.',
  },
  'protocol_error/malformed': {
    message: 'The service sent {what}, which was ignored.',
    author: 'Check server-url if this happens often.',
  },
  'protocol_error/flood': {
    message: 'The service sent too much.',
    author: 'Check server-url.',
  },
  'protocol_error/unreadable': {
    message: 'The service kept sending {what}.',
    author: 'Check server-url.',
  },
  microphone_audio_dropped: {
    message: 'Your connection is slow.',
    hint: 'The agent may miss some of your words.',
    author: 'input-encoding="audio/pcmu" needs a sixth of the bandwidth.',
  },

  // ── what the service reports; its own words are the message of the event ────────────────────────────────────────
  at_capacity: { message: 'The service is busy.', hint: LATER },
  concurrency_exceeded: {
    message: 'The service is busy.',
    hint: LATER,
    author: 'The account has too many calls at once.',
  },
  internal_error: { message: PROBLEM, hint: LATER },
  server_error: { message: PROBLEM, hint: LATER },
  session_expired: {
    message: 'The conversation reached its time limit.',
    hint: 'You can start a new one.',
  },
  agent_not_found: {
    message: 'The service does not know this agent.',
    author: 'Check agent-id. An agent is stored in one region: region="eu" or region="us".',
  },
  invalid_value: {
    message: 'The service refused a value.',
    author: 'Correct the field that the service names.',
  },
  invalid_format: {
    message: 'The service refused a message.',
    author: 'Correct the field that the service names.',
  },
  audio_rate_violation: {
    message: 'The service received too much audio.',
    author: 'Check that only one page sends to this session.',
  },
  service: {
    message: 'The service reported an error.',
    author: 'Fix the problem that the service reported, then start again.',
  },

  // ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────────
  stopped: { message: 'The call was stopped before it began.', author: 'Call start() again.' },
  'stopped/declined': {
    message: 'The visitor did not agree to the conversation.',
    author: 'The next start() asks again.',
  },
  internal_client_error: {
    message: 'The voice agent failed: {what}',
    author: 'Please report this.',
  },
} as const satisfies Readonly<Record<string, ErrorText>>;

/** Names a text: a code, or `code/reason`. */
export type ErrorKey = keyof typeof ERRORS;

/** Failures that a visitor can do something about. Every language has words for each. */
export type VisitorErrorKey = {
  [Key in ErrorKey]: (typeof ERRORS)[Key] extends { readonly hint: string } ? Key : never;
}[ErrorKey];

/** What visitors read of a failure that only the author of the page can fix. */
export const OUTAGE: ErrorText & { readonly hint: string } = {
  message: 'This conversation is not available right now.',
  hint: 'Please try again later.',
};

/** What fills the braces. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** @returns `text` with `{name}` replaced by the value of that name. */
export function fillText(text: string, values: ErrorValues = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
