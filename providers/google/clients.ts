/** Google's own clients, pointed at Google or, with an http:// address, at a plaintext gRPC server. */
import { v2 as speechV2 } from '@google-cloud/speech';
import { TextToSpeechClient } from '@google-cloud/text-to-speech';
import { grpc, type ClientOptions } from 'google-gax';
import { ClientPool, type PooledClient } from './client-pool.ts';

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
  /** How many streams share a connection. */
  streamsAConnection?: number | undefined;
}

/** A server without credentials has no project either; any name does in the recogniser's path. */
const PROJECT_WITHOUT_CREDENTIALS = 'local';

export function speechClients(connection: GoogleConnection): ClientPool<speechV2.SpeechClient> {
  const options = clientOptions(
    connection,
    connection.speechUrl,
    regionalHost('speech.googleapis.com', connection.location),
  );
  return pool(() => new speechV2.SpeechClient(options), connection);
}

export function ttsClients(connection: GoogleConnection): ClientPool<TextToSpeechClient> {
  const options = clientOptions(
    connection,
    connection.ttsUrl,
    regionalHost('texttospeech.googleapis.com', connection.ttsLocation),
  );
  return pool(() => new TextToSpeechClient(options), connection);
}

function pool<Client extends PooledClient>(make: () => Client, connection: GoogleConnection): ClientPool<Client> {
  const clients = new ClientPool(make, connection.streamsAConnection);
  // What is wrong with the credentials is told to the first who needs a client.
  clients.warmUp().catch(() => undefined);
  return clients;
}

export async function projectOf(
  connection: GoogleConnection,
  client: { getProjectId(): Promise<string> },
): Promise<string> {
  if (connection.projectId !== undefined && connection.projectId !== '') return connection.projectId;
  return isPlaintext(connection.speechUrl) ? PROJECT_WITHOUT_CREDENTIALS : await client.getProjectId();
}

export function clientOptions(connection: GoogleConnection, url: string | undefined, host: string): ClientOptions {
  const address = url === undefined || url === '' ? undefined : new URL(url);
  const endpoint =
    address === undefined ? { apiEndpoint: host } : { apiEndpoint: address.hostname, port: portOf(address) };
  const project = connection.projectId === undefined ? {} : { projectId: connection.projectId };
  // Else grpc-js gives all clients with the same address one connection.
  const own = { 'grpc.use_local_subchannel_pool': 1 };
  if (isPlaintext(url)) {
    return {
      ...endpoint,
      ...project,
      ...own,
      sslCreds: grpc.credentials.createInsecure(),
      // Without it the client asks the metadata server of a cloud machine for it, and waits where there is none.
      clientOptions: { universeDomain: 'googleapis.com' },
    };
  }
  if (connection.credentialsFile === undefined || connection.credentialsFile === '')
    return { ...endpoint, ...project, ...own };
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- discouraged for files from outside; this one is the operator's own
  return { ...endpoint, ...project, ...own, keyFilename: connection.credentialsFile };
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
