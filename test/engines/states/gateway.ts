import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the interpreter's calls reach. */
export interface GatewayOptions {
  /** Calls a function or service by its ARN; throws what Lambda answers for a function that failed. */
  call(resource: string, parameters: unknown): Promise<unknown>;
  readonly s3Endpoint: string;
}

export interface Gateway {
  readonly port: number;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? null));
}

/**
 * The one endpoint at which moto's interpreter looks for all services: functions, topics and events are answered by
 * `call`, objects come from the S3 server.
 */
export async function startGateway({ call, s3Endpoint }: GatewayOptions): Promise<Gateway> {
  async function invoke(arn: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const event: unknown = JSON.parse(await bodyOf(request));
    try {
      sendJson(response, await call(arn, event));
    } catch (error) {
      response.writeHead(200, { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' });
      response.end((error as Error).message);
    }
  }

  async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Action, Version, ...message } = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    if (Action !== 'Publish') throw new Error(`${Action} ${Version} is not known here`);
    await call('arn:aws:states:::sns:publish', message);
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
  }

  async function putEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Entries } = JSON.parse(await bodyOf(request)) as { Entries: { Detail: string; Resources: unknown }[] };
    // Step Functions names the execution as a resource of each event; the definition says nothing of it.
    const events = Entries.map(({ Resources: _, ...event }) => ({ ...event, Detail: JSON.parse(event.Detail) }));
    await call('arn:aws:states:::events:putEvents', { Entries: events });
    sendJson(response, { FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  }

  function fromS3(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const passed = forward(new URL(url, s3Endpoint), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arn = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1];
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
    if (arn) return invoke(decodeURIComponent(arn), request, response);
    if (service === 's3') return fromS3(request, response);
    if (service === 'sns') return publish(request, response);
    if (service === 'events') return putEvents(request, response);
    throw new Error(`${request.method} ${request.url} of ${service} is not known here`);
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: Error) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
