/**
 * The release of this script. The scripts of other threads may be separate files, and a cache or an incomplete upload may
 * mix in one of another release, whose messages mean something else.
 */
import { VoiceAgentError } from './errors.js';
import { version } from './generated/version.js';

export {
  /** The release of this library, as in its package.json. */
  version,
};

/**
 * @param file the file that was loaded
 * @param theirs the version that it reports, if any
 * @throws {VoiceAgentError} `version_mismatch` unless it is of this release
 */
export function checkVersion(file: string, theirs?: string): void {
  if (theirs === version) return;
  throw VoiceAgentError.fatal('version_mismatch', {
    values: { file, theirs: theirs ?? 'unknown', ours: version },
  });
}
