/**
 * Every failure that this library reports, in English. The key is the error's `code`, or `code/reason` if one code
 * has several causes. Words in braces are replaced by the error's `values`.
 */

/** The English texts of an error. */
export interface ErrorText {
  /** What happened, in one sentence. */
  readonly message: string;
  /**
   * What a visitor can do. If it is missing, only the author of the page can do something. Visitors then read `outage`
   * and `outageHint` of their language.
   */
  readonly hint?: string;
  /** What the author of the page can do, where the message does not say it. Never shown on the page. */
  readonly author?: string;
}

const BLOCKED = 'The microphone is blocked.';
const NETWORK = 'Check your internet connection and try again.';
const ADDRESS = 'Check server-url, and connect-src in the CSP.';
const POLICY = 'Allow blob: in the CSP, or use the strict build.';
const MEMORY = 'The device may be low on memory.';
const CHOOSE = 'You can choose another one in your sound settings.';
const FRAME =
  'The microphone must be allowed by the Permissions-Policy, in a frame by allow="microphone", and in a sandbox by allow-same-origin.';
const AGAIN = 'Start the conversation again.';
const LATER = 'Try again in a minute.';
const PROBLEM = 'The service had a problem.';

/** Every failure, by its key. */
export const ERRORS = {
  // ── options and page ────────────────────────────────────────────────────────────────────────────────────────────
  'invalid_option/value': { message: '{name} must be {wanted}.' },
  'invalid_option/server-url': { message: 'server-url must be a wss: address.' },
  'invalid_option/token-url': { message: 'token-url must be an https: address.' },
  'invalid_option/agent-id': { message: 'agent-id cannot be combined with {names}.' },
  'invalid_option/tool-schema': { message: 'The parameters of the tool {name} must be valid JSON.' },
  'invalid_option/bytes': {
    message: '{bytes} bytes are not whole 16-bit samples: use createDecoder().',
  },
  immutable_field: { message: '{fields} can only be changed between calls.' },
  insecure_page: { message: 'The microphone needs HTTPS or localhost.' },
  api_key_in_page: {
    message: 'The token looks like an API key, which visitors could read.',
    author: 'Set token-url instead.',
  },
  unsupported_browser: {
    message: 'This browser does not support voice conversations.',
    hint: 'Use a current version of Chrome, Edge, Firefox or Safari.',
  },
  'unsupported_browser/policy': {
    message: 'The browser refused to load the session script.',
    author: POLICY,
  },
  version_mismatch: {
    message: '{file} is version {theirs}, not {ours}: replace all files together.',
  },

  // ── microphone ──────────────────────────────────────────────────────────────────────────────────────────────────
  'microphone_denied/system': {
    message: BLOCKED,
    hint: 'Allow it in your system’s privacy settings.',
  },
  'microphone_denied/firefox': {
    message: BLOCKED,
    hint: 'Click the crossed-out microphone next to the address and remove the block.',
    author: FRAME,
  },
  'microphone_denied/dismissed': {
    message: 'The microphone was not allowed.',
    hint: 'Try again, and allow it when the browser asks.',
  },
  'microphone_denied/chrome': {
    message: BLOCKED,
    hint: 'Click the icon next to the address and turn on the microphone.',
  },
  'microphone_denied/other': {
    message: BLOCKED,
    hint: 'Allow it in the website settings in the address bar.',
    author: FRAME,
  },
  'microphone_denied/frame': {
    message: FRAME,
  },
  microphone_missing: {
    message: 'No microphone was found.',
    hint: 'Connect one, or choose one in your sound settings.',
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
    hint: 'Connect it or another one to continue.',
  },
  'microphone_lost/denied': {
    message: BLOCKED,
    hint: 'Allow it in the website settings to continue.',
  },
  microphone_changed: {
    message: 'Your microphone has changed.',
    hint: CHOOSE,
  },
  'microphone_changed/named': {
    message: 'Your microphone is now “{name}”.',
    hint: CHOOSE,
  },
  microphone_muted: {
    message: 'Your device has muted the microphone.',
    hint: 'Check its mute switch, or your sound settings.',
  },
  echo_heard: {
    message: 'The microphone hears the agent.',
    hint: 'Use headphones or lower the volume.',
  },
  microphone_silent: {
    message: 'No sound comes from your microphone.',
    hint: 'Check its mute switch, or choose another microphone.',
  },

  // ── sound ───────────────────────────────────────────────────────────────────────────────────────────────────────
  speaker_failed: {
    message: 'The chosen speaker cannot be used.',
    hint: 'Choose another one. The sound comes from the default speaker.',
  },
  audio_blocked: {
    message: 'The browser blocked the sound.',
    hint: 'Connect a speaker or headphones, then try again.',
    author: 'Call start() from a click or key press.',
  },
  audio_interrupted: {
    message: 'Your device interrupted the sound.',
    hint: 'It returns automatically, or when you tap the page.',
  },
  audio_failed: {
    message: 'The sound stopped working.',
    hint: AGAIN,
  },
  'audio_failed/worklet': {
    message: 'The sound could not be started.',
    hint: 'Reload the page.',
  },
  'audio_failed/policy': {
    message: 'The browser refused to load the audio worklet.',
    author: POLICY,
  },
  'engine_failed/load': {
    message: 'The audio engine could not be loaded.',
    author: 'Check asset-base, and connect-src in the CSP.',
  },
  'engine_failed/compile': {
    message: 'The audio engine could not be compiled.',
    author: "Allow 'wasm-unsafe-eval' in the CSP.",
  },
  'engine_failed/start': {
    message: 'The audio engine could not be started.',
    author: MEMORY,
  },

  // ── token ───────────────────────────────────────────────────────────────────────────────────────────────────────
  token_missing: { message: 'There is no way to get a token: set token-url.' },
  'token_failed/get-token': { message: 'The page’s getToken() failed.' },
  'token_failed/endpoint': {
    message: 'The token endpoint could not be reached.',
    author: 'Check token-url, CORS, and connect-src in the CSP.',
  },
  token_refused: { message: 'The token endpoint answered with status {status}.' },
  token_invalid: {
    message: '{source} returned no token.',
    author: 'Return a string, or JSON with a field "token".',
  },
  token_timeout: { message: 'The token endpoint did not answer in time.' },
  unauthorized: {
    message: 'The service did not accept the token.',
    author: 'Check its API key, and that no token is cached.',
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
  },
  ended_timeout: { message: 'The service did not confirm the end of the call.' },
  session_lost: {
    message: 'The conversation stopped because of an error.',
    hint: AGAIN,
    author: `The session stopped responding. ${MEMORY}`,
  },
  'protocol_error/malformed': { message: 'The service sent {what}, which was ignored.' },
  'protocol_error/flood': { message: 'The service sent too much.' },
  'protocol_error/unreadable': { message: 'The service kept sending {what}.' },
  microphone_audio_dropped: {
    message: 'Your connection is slow.',
    hint: 'The agent may miss some of your words.',
    author: 'input-encoding="audio/pcmu" needs less bandwidth.',
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
    author: 'Check agent-id and its region (region="eu").',
  },
  invalid_value: { message: 'The service refused the value of a field.' },
  invalid_format: { message: 'The service refused the format of a field.' },
  audio_rate_violation: {
    message: 'The service received too much audio.',
    author: 'Only one page may send to a session.',
  },
  service: { message: 'The service reported an error.' },

  // ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────────
  stopped: { message: 'The call was stopped before it began.' },
  'stopped/declined': { message: 'The visitor did not consent.' },
  internal_client_error: { message: 'The voice agent failed: {what}' },
} as const satisfies Readonly<Record<string, ErrorText>>;

/** Identifies a text: a code, or `code/reason`. */
export type ErrorKey = keyof typeof ERRORS;

/** Failures that visitors can do something about. Every language has a text for each. */
export type VisitorErrorKey = {
  [Key in ErrorKey]: (typeof ERRORS)[Key] extends { readonly hint: string } ? Key : never;
}[ErrorKey];

/** Values for the words in braces, by name. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** Replaces each `{name}` in a text with the value of that name; without one, it stays. */
export function fillText(text: string, values: ErrorValues = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
