/** How often one visitor may begin a conversation, and how often all of them together. */

const MINUTE_MS = 60_000;

/** Counts within a sliding minute, in this process. Where several run, put a shared store behind `take`. */
export class RateLimit {
  #perMinute;
  #perMinuteInAll;
  #now;
  /** When a token was given, and to whom, oldest first: never more than all may have within a minute. */
  #taken = [];

  /**
   * @param {{ perMinute: number, perMinuteInAll: number }} limits
   * @param {() => number} [now] milliseconds
   */
  constructor({ perMinute, perMinuteInAll }, now = Date.now) {
    this.#perMinute = perMinute;
    this.#perMinuteInAll = perMinuteInAll;
    this.#now = now;
  }

  /**
   * @param {string} visitor
   * @returns {boolean} whether this visitor may have one more
   */
  take(visitor) {
    const now = this.#now();
    const first = this.#taken.findIndex(({ atMs }) => atMs > now - MINUTE_MS);
    this.#taken.splice(0, first < 0 ? this.#taken.length : first);
    if (this.#taken.length >= this.#perMinuteInAll) return false;
    if (this.#taken.filter((one) => one.visitor === visitor).length >= this.#perMinute) return false;
    this.#taken.push({ visitor, atMs: now });
    return true;
  }
}

/**
 * Who counts as one visitor: an address, and of IPv6 the half that belongs to one line, since its owner has the other
 * half to choose from.
 *
 * @param {string} address of either kind; IPv4 may come as IPv6 (`::ffff:198.51.100.7`)
 * @returns {string}
 */
export function networkOf(address) {
  const [bare] = address.toLowerCase().split('%');
  if (!bare.includes(':')) return bare;
  const asIPv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (asIPv4) return asIPv4;
  const [head, tail] = bare.split('::');
  const groups = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0');
  const network = [...groups, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
