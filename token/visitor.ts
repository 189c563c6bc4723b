/** Identifies a visitor by the address that the runtime itself knows. */

/**
 * What runtimes pass to a handler besides the request: Netlify `{ip}`, Deno `{remoteAddr}`, Bun its server. Node's
 * servers pass nothing; give them `{address}`.
 */
export interface TokenRequestContext {
  /** The visitor's address. */
  readonly address?: string | undefined;
  /** The visitor's address (Netlify). */
  readonly ip?: unknown;
  /** An object with the visitor's address as `hostname` (Deno). */
  readonly remoteAddr?: unknown;
  /** A function of the request that returns an object with `address` (Bun). */
  readonly requestIP?: unknown;
}

interface WithHostname {
  readonly hostname?: unknown;
}
type RequestIP = (request: Request) => { readonly address?: unknown } | null | undefined;

/**
 * The visitor's address, from a source that no visitor can forge.
 *
 * @returns undefined if the runtime is unknown
 */
export function addressOf(request: Request, context: unknown): string | undefined {
  const given: TokenRequestContext = typeof context === 'object' && context !== null ? context : {};
  const { address, ip, remoteAddr, requestIP } = given;
  const told = [
    // Before `address`, because Bun's server has a property of that name with its own address.
    typeof requestIP === 'function' ? (requestIP as RequestIP).call(given, request)?.address : undefined,
    address,
    ip,
    (remoteAddr as WithHostname | undefined)?.hostname,
    addressByPlatform(request),
  ];
  return told.find((each): each is string => typeof each === 'string' && each !== '');
}

/** Headers that the platform overwrites. Elsewhere a visitor could set them, so the platform is verified first. */
function addressByPlatform(request: Request): string | null | undefined {
  // Only Cloudflare's runtime adds this property; no client can.
  if ('cf' in request && request.cf) return request.headers.get('cf-connecting-ip');
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.['VERCEL'] ? request.headers.get('x-vercel-forwarded-for') : undefined;
}

/**
 * What counts as one visitor: an address, or the first half of an IPv6 address, since its owner chooses the second
 * half.
 *
 * @param address of either kind; IPv4 may come as IPv6 (`::ffff:198.51.100.7`)
 */
export function networkOf(address: string): string {
  const given = address.trim().toLowerCase();
  // Some proxies add the port, which differs for every connection.
  const [bare = ''] = given.replace(/^\[(.*)\](:\d+)?$/, '$1').split('%');
  const asIPv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(bare)?.[1];
  if (asIPv4 ?? !bare.includes(':')) return asIPv4 ?? bare;
  const [head, tail] = bare.split('::');
  const groups = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0');
  const network = [...groups, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
