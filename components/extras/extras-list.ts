/** The features with a sheet, in the order of their buttons. */
export const SHEETS = ['devices', 'record', 'saveTranscript', 'debug'] as const;
export type Sheet = (typeof SHEETS)[number];

/** Optional features, requested by attributes of `<voice-agent>` or `<voice-agent-extras>`. */
export const EXTRAS = [...SHEETS, 'sounds', 'rememberDevices'] as const;
export type Extra = (typeof EXTRAS)[number];
