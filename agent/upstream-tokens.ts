/** Temporary tokens of the live service, created with a key that never leaves this process. */

/** Short, because the page connects as soon as it has the token. */
const LIFETIME_S = 60;
const TIMEOUT_MS = 8000;

export interface MintAnswer {
  readonly status: number;
  /** For the page: `{token, ws_url}`, or `{detail}` with what to do. Never contains the key. */
  readonly body: { readonly token: string; readonly ws_url: string } | { readonly detail: string };
}

function refuse(status: number, detail: string): MintAnswer {
  return { status, body: { detail } };
}

export class UpstreamTokens {
  readonly #apiKey: string;
  readonly #tokenUrl: string;
  readonly #wsUrl: string;

  constructor(apiKey: string, tokenUrl: string, wsUrl: string) {
    this.#apiKey = apiKey;
    this.#tokenUrl = tokenUrl;
    this.#wsUrl = wsUrl;
  }

  /**
   * Undefined without `ASSEMBLYAI_API_KEY`.
   * @throws {RangeError} an unknown region
   */
  static fromEnvironment(env: Readonly<Record<string, string | undefined>>): UpstreamTokens | undefined {
    const apiKey = env.ASSEMBLYAI_API_KEY?.trim();
    if (!apiKey) return undefined;
    const region = env.ASSEMBLYAI_REGION?.trim() ?? '';
    if (!['', 'us', 'eu'].includes(region)) throw new RangeError('ASSEMBLYAI_REGION must be us or eu.');
    const service = `agents.${region && `${region}.`}assemblyai.com/v1`;
    return new UpstreamTokens(
      apiKey,
      env.ASSEMBLYAI_TOKEN_URL || `https://${service}/token`,
      env.ASSEMBLYAI_WS_URL || `wss://${service}/ws`,
    );
  }

  /** Never rejects. Failures of the service become a status that tells the page whether to retry. */
  async mint(): Promise<MintAnswer> {
    const url = new URL(this.#tokenUrl);
    url.searchParams.set('expires_in_seconds', String(LIFETIME_S));
    try {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${this.#apiKey}` },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json().catch(() => undefined);
      return response.ok ? this.#accept(body) : this.#explain(response.status);
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      return timedOut
        ? refuse(504, 'The token service did not answer in time')
        : refuse(502, 'The token service could not be reached');
    }
  }

  #accept(body: unknown): MintAnswer {
    const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
    if (typeof token !== 'string' || token === '')
      return refuse(502, 'The response of the token service has no token');
    return { status: 200, body: { token, ws_url: this.#wsUrl } };
  }

  #explain(status: number): MintAnswer {
    switch (status) {
      case 401:
      case 403:
      case 404:
        return refuse(401, 'The service refused the API key: check ASSEMBLYAI_API_KEY');
      case 429:
        return refuse(429, 'Too many tokens were requested, try again later');
      default:
        return refuse(502, `The token service failed with status ${status}`);
    }
  }
}
