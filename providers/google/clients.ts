/** Google's own clients, pointed at Google or, with an http:// address, at a plaintext gRPC server. */
import { v2 as speechV2 } from '@google-cloud/speech';
import { TextToSpeechClient } from '@google-cloud/text-to-speech';
import { grpc, type ClientOptions } from 'google-gax';

export interface GoogleConnection {
  /** http://host:port = plaintext, no credentials; https:// or absent = Google with credentials. */
  speechUrl?: string | undefined;
  ttsUrl?: string | undefined;
  /** Absent = the project of the credentials. */
  projectId?: string | undefined;
  /** Where recognition runs: `global`, `eu`, `us`, `us-central1` … The endpoint and the recogniser's name must agree. */
  location?: string | undefined;
  /** Where synthesis runs; `global` when absent. */
  ttsLocation?: string | undefined;
  /** Absent = Application Default Credentials. */
  credentialsFile?: string | undefined;
}

interface GoogleClient {
  initialize(): Promise<unknown>;
  getProjectId(): Promise<string>;
  close(): Promise<void>;
}

/** A server without credentials has no project either; any name does in the recogniser's path. */
const PROJECT_WITHOUT_CREDENTIALS = 'local';

/** One client, made at first use. One that could not be set up (no credentials yet) is made anew at the next. */
export class ClientHolder<Client extends GoogleClient> {
  readonly #make: () => Client;
  #client: Promise<Client> | undefined;

  constructor(make: () => Client) {
    this.#make = make;
  }

  ready(): Promise<Client> {
    this.#client ??= this.#setUp();
    return this.#client;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    // A client that never came to be has nothing to close; whoever asked for it was told why.
    await client.then(
      (one) => one.close(),
      () => undefined,
    );
  }

  async #setUp(): Promise<Client> {
    const client = this.#make();
    try {
      // The generated methods call this too, but let its failure escape as an unhandled rejection.
      await client.initialize();
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }
}

export function speechClient(connection: GoogleConnection): ClientHolder<speechV2.SpeechClient> {
  const host = regionalHost('speech.googleapis.com', connection.location);
  return new ClientHolder(() => new speechV2.SpeechClient(clientOptions(connection, connection.speechUrl, host)));
}

export function ttsClient(connection: GoogleConnection): ClientHolder<TextToSpeechClient> {
  const host = regionalHost('texttospeech.googleapis.com', connection.ttsLocation);
  return new ClientHolder(() => new TextToSpeechClient(clientOptions(connection, connection.ttsUrl, host)));
}

export async function projectOf(connection: GoogleConnection, client: GoogleClient): Promise<string> {
  if (connection.projectId !== undefined && connection.projectId !== '') return connection.projectId;
  return isPlaintext(connection.speechUrl) ? PROJECT_WITHOUT_CREDENTIALS : await client.getProjectId();
}

export function clientOptions(connection: GoogleConnection, url: string | undefined, host: string): ClientOptions {
  const address = url === undefined || url === '' ? undefined : new URL(url);
  const endpoint =
    address === undefined ? { apiEndpoint: host } : { apiEndpoint: address.hostname, port: portOf(address) };
  const project = connection.projectId === undefined ? {} : { projectId: connection.projectId };
  if (isPlaintext(url)) {
    return {
      ...endpoint,
      ...project,
      sslCreds: grpc.credentials.createInsecure(),
      // Without it the client asks the metadata server of a cloud machine for it, and waits where there is none.
      clientOptions: { universeDomain: 'googleapis.com' },
    };
  }
  if (connection.credentialsFile === undefined || connection.credentialsFile === '') return { ...endpoint, ...project };
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- discouraged for files from outside; this one is the operator's own
  return { ...endpoint, ...project, keyFilename: connection.credentialsFile };
}

function isPlaintext(url: string | undefined): boolean {
  return url?.toLowerCase().startsWith('http://') ?? false;
}

function portOf(address: URL): number {
  if (address.port !== '') return Number(address.port);
  return address.protocol === 'http:' ? 80 : 443;
}

function regionalHost(host: string, location: string | undefined): string {
  return location === undefined || location === '' || location === 'global' ? host : `${location}-${host}`;
}
