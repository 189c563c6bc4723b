/** WebRTC's voice activity detector (libfvad, BSD-3-Clause), as far as the agent uses it. The package has no types of its own. */
declare module '@echogarden/fvad-wasm' {
  export interface DetectorModule {
    readonly HEAP16: Int16Array;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    /** @returns 0, or −1 for a mode outside 0…3 */
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, rateHz: number): number;
    /** @returns 1 for voice, 0 for none, −1 for a frame length other than 10, 20 or 30 ms */
    _fvad_process(detector: number, samplesPointer: number, sampleCount: number): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  }
  const createDetectorModule: () => Promise<DetectorModule>;
  // eslint-disable-next-line import-x/no-default-export -- it is what the package exports
  export default createDetectorModule;
}
