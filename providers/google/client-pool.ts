/** Clients, each with a connection of its own: Google lets 100 streams on one, and the next would wait unheard for one of them to end. */

export interface PooledClient {
  initialize(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Lease<Client> {
  client: Client;
  /** Once the stream is over; a second time does nothing. */
  release(): void;
}

interface Slot<Client> {
  client: Promise<Client>;
  streams: number;
}

const STREAMS_A_CONNECTION = 80;

export class ClientPool<Client extends PooledClient> {
  readonly #make: () => Client;
  readonly #streamsEach: number;
  #slots: Slot<Client>[] = [];

  constructor(make: () => Client, streamsEach = STREAMS_A_CONNECTION) {
    this.#make = make;
    this.#streamsEach = streamsEach;
  }

  /** The first client takes 330 ms of CPU (interface files), the others 3: not to be paid in the middle of a call. */
  async warmUp(): Promise<void> {
    const lease = await this.lease();
    lease.release();
  }

  async lease(): Promise<Lease<Client>> {
    const slot = this.#slots.find(({ streams }) => streams < this.#streamsEach) ?? this.#addSlot();
    slot.streams += 1;
    const client = await slot.client;
    let released = false;
    return {
      client,
      release: () => {
        if (!released) slot.streams -= 1;
        released = true;
      },
    };
  }

  async close(): Promise<void> {
    const slots = this.#slots.splice(0);
    // A client that never came to be has nothing to close; whoever asked for it was told why.
    await Promise.allSettled(slots.map(async ({ client }) => (await client).close()));
  }

  #addSlot(): Slot<Client> {
    const slot: Slot<Client> = { client: this.#setUp(), streams: 0 };
    this.#slots.push(slot);
    // One that could not be set up (no credentials yet) is not kept: the next to ask tries again.
    slot.client.catch(() => {
      this.#slots = this.#slots.filter((one) => one !== slot);
    });
    return slot;
  }

  async #setUp(): Promise<Client> {
    const client = this.#make();
    // The generated methods call this too, but let its failure escape as an unhandled rejection.
    await client.initialize();
    return client;
  }
}
