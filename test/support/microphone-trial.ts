/** A microphone line with fake devices, of which a test decides everything. */
import { vi } from 'vitest';
import {
  MicrophoneLine,
  type MicrophoneSettings,
  type MicrophoneStatus,
} from '../../src/audio/microphone-line.js';
import type { DeviceNews } from '../../src/audio/devices.js';

class FakeTrack extends EventTarget {
  readonly label: string;
  muted: boolean;
  isLive = true;

  constructor(label: string, muted: boolean) {
    super();
    this.label = label;
    this.muted = muted;
  }

  stop(): void {
    this.isLive = false;
  }

  getSettings(): MediaTrackSettings {
    return { sampleRate: 48_000, deviceId: this.label };
  }
}

export type Refusal = 'NotAllowedError' | 'NotReadableError' | 'NotFoundError';

/** The system's microphones, and the browser that asks for one. */
class FakeDevices {
  ids = ['a', 'b'];
  /** By a switch, when they are opened. */
  areMuted = false;
  readonly tracks: FakeTrack[] = [];
  mostLive = 0;
  #asked: { readonly id: string | undefined; settle(refusal: Refusal | undefined): void }[] = [];

  readonly getUserMedia = ({ audio }: { audio: { deviceId?: { exact: string } } }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = audio.deviceId?.exact;
      this.#asked.push({
        id,
        settle: (refusal) => {
          const found = id === undefined ? this.ids[0] : this.ids.find((known) => known === id);
          if (refusal) reject(new DOMException('No.', refusal));
          else if (found === undefined)
            reject(new DOMException('No.', id === undefined ? 'NotFoundError' : 'OverconstrainedError'));
          else {
            const track = new FakeTrack(found, this.areMuted);
            this.tracks.push(track);
            this.mostLive = Math.max(this.mostLive, this.live.length);
            resolve({ getTracks: () => [track], getAudioTracks: () => [track] });
          }
        },
      });
    });

  enumerateDevices = (): Promise<unknown> =>
    Promise.resolve(
      this.ids.map((deviceId) => ({ kind: 'audioinput', deviceId, groupId: deviceId, label: deviceId })),
    );

  get live(): FakeTrack[] {
    return this.tracks.filter(({ isLive }) => isLive);
  }

  get pending(): number {
    return this.#asked.length;
  }

  /** Answers what was asked first. */
  answer(refusal?: Refusal): void {
    this.#asked.shift()?.settle(refusal);
  }
}

/** What can happen. */
export type MicrophoneAct =
  | { readonly what: 'set'; readonly settings: MicrophoneSettings }
  | { readonly what: 'answer'; readonly refusal: Refusal | undefined }
  | { readonly what: 'plug'; readonly ids: readonly string[] }
  | { readonly what: 'news'; readonly news: DeviceNews }
  | { readonly what: 'time'; readonly ms: number }
  | { readonly what: 'ended' | 'mute' | 'unmute' };

/** Opens a microphone. */
export class MicrophoneTrial {
  readonly devices = new FakeDevices();
  readonly streams: (MediaStream | undefined)[] = [];
  readonly statuses: MicrophoneStatus[] = ['off'];
  readonly notices: string[] = [];
  readonly line: MicrophoneLine;
  settings: MicrophoneSettings = {};
  opening: Promise<unknown> | undefined;
  isOpen = true;

  constructor() {
    vi.stubGlobal('navigator', { mediaDevices: this.devices, userAgent: 'Chrome' });
    this.line = new MicrophoneLine({
      changed: (stream) => this.streams.push(stream),
      status: (status) => this.statuses.push(status),
      notice: (key) => this.notices.push(key),
    });
    this.line.set({});
    this.opening = this.line.open().catch(() => (this.isOpen = false));
  }

  async do(one: MicrophoneAct): Promise<void> {
    const [track] = this.devices.live;
    switch (one.what) {
      case 'set':
        this.settings = one.settings;
        this.line.set(one.settings);
        break;
      case 'answer':
        this.devices.answer(one.refusal);
        break;
      case 'plug':
        this.devices.ids = [...one.ids];
        for (const live of this.devices.live) if (!one.ids.includes(live.label)) this.#end(live);
        void this.line.devicesChanged('devices');
        break;
      case 'news':
        void this.line.devicesChanged(one.news);
        break;
      case 'time':
        await vi.advanceTimersByTimeAsync(one.ms);
        break;
      case 'ended':
        if (track) this.#end(track);
        break;
      default:
        if (track) track.muted = one.what === 'mute';
        track?.dispatchEvent(new Event(one.what));
    }
    await vi.advanceTimersByTimeAsync(0);
  }

  #end(track: FakeTrack): void {
    track.isLive = false;
    track.dispatchEvent(new Event('ended'));
  }

  /** All devices are there and given. */
  async settle(): Promise<void> {
    await this.do({ what: 'plug', ids: ['a', 'b'] });
    for (let n = 0; n < 40; n++) {
      await this.do({ what: 'answer', refusal: undefined });
      await this.do({ what: 'time', ms: 1_000 });
    }
    await this.opening;
  }
}
