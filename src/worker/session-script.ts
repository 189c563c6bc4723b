/** How the generated script of the session is run: its exports are in one variable, and its last line uses them. */
export const SESSION_VARIABLE = 'voiceAgentSession';

/** The last line of the script of a Worker. */
export const WORKER_ENDING = `;${SESSION_VARIABLE}.runWorker()`;

/** The last line of the module that a page without Workers imports. */
export const MODULE_ENDING = `;export const{runSession,version}=${SESSION_VARIABLE}`;
