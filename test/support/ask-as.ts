import { once } from 'node:events';
import { get, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request with any headers, even `Host`, which `fetch` does not allow. */
export async function askAs(
  url: string | URL,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answered> {
  const asked = request(url, { headers, method, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(response.headers as Record<string, string>),
    text: await text(response),
  };
}

/** Sends it from another address of this machine, which `fetch` cannot choose. */
export function askFromAddress(
  localAddress: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status?: number | undefined; retryAfter?: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { localAddress, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'] }),
      );
    }).on('error', reject);
  });
}
