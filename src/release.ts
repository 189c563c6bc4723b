/**
 * The release that this script is of. Scripts of the other threads may be files of their own, and a cache or half an upload may
 * have left one of another release, whose messages mean something else.
 */
import { VoiceAgentError } from './errors.js';
import { version } from './generated/version.js';

export { version };

/**
 * @param file that was loaded
 * @param theirs the version it says it is of, if it says so
 * @throws {VoiceAgentError} `version_mismatch` unless it is of this release
 */
export function checkVersion(file: string, theirs?: string): void {
  if (theirs === version) return;
  throw VoiceAgentError.fatal('version_mismatch', {
    values: { file, theirs: theirs ?? 'unknown', ours: version },
  });
}
