/** A site's token endpoint, without dependencies: `voice-agent-element/token`. Runs on the site's server. */
export { createTokenHandler, type TokenHandler } from './token-handler.js';
export {
  memoryLimits,
  redisLimits,
  takeShares,
  type TakenToken,
  type TokenLimits,
  type TokenShare,
} from './limits.js';
export {
  optionsFromEnvironment,
  type Authorization,
  type TokenHandlerOptions,
  type TokenRegion,
} from './options.js';
export { networkOf, type TokenRequestContext } from './visitor.js';
