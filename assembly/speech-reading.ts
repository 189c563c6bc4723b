/** Readings of the detector, by the numbers in src/engine/engine-exports.ts. */
import { echoAboveNoiseDb, echoLeakDb, playedHops } from './band-limits';
import { microphoneLevel } from './capture';
import { ducks, falseDucks, giving, onsetToDuckMs } from './give-way';
import { speaking } from './speech';

export function speechReading(which: i32): f64 {
  switch (which) {
    case 14:
      return <f64>speaking;
    case 15:
      return <f64>giving;
    case 16:
      return ducks;
    case 17:
      return falseDucks;
    case 18:
      return onsetToDuckMs;
    case 19:
      return <f64>echoLeakDb();
    case 20:
      return <f64>echoAboveNoiseDb();
    case 21:
      return <f64>playedHops / 100;
    default:
      return microphoneLevel();
  }
}
