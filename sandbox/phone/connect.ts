/** The connect action: a second leg, what becomes of it, and the way back. */
import type { CallFlow } from './call-flow.ts';
import type { Leg } from './leg.ts';
import { detectionAsked, detectMachine } from './machine-detection.ts';
import { MediaSocket } from './media-socket.ts';
import type { ActionOf, Endpoint, EndpointOf, Ncco } from './ncco.ts';
import { webhookToken } from './signature.ts';
import { aborted } from './waiting.ts';
import type { WebhookAnswer } from './webhooks.ts';

export async function connect(
  flow: CallFlow,
  action: ActionOf<'connect'>,
  signal: AbortSignal,
): Promise<Ncco | undefined> {
  const { network, leg } = flow;
  const events = flow.targetOf(action);
  if (!network.creations.take()) {
    flow.tellError('Throttled: too many calls created', events);
    return undefined;
  }
  const endpoint = action.endpoint[0];
  const far = network.newLeg({
    direction: 'outbound',
    endpointType: endpoint.type,
    from: action.from ?? (leg.about.direction === 'inbound' ? leg.about.from : leg.about.to),
    to: addressOf(endpoint),
    events,
    conversationUuid: leg.conversationUuid,
  });
  const limit = setTimeout(() => {
    void far.end({ by: 'platform', sipCode: '200' });
  }, action.limit * 1000);
  const callerWent = aborted(signal).then(async () => {
    if (!far.independent) await far.end({ by: 'platform', sipCode: '200' });
  });
  try {
    const reply =
      endpoint.type === 'websocket' ? await joinSocket(flow, far, endpoint) : await joinPhone(flow, far, action);
    if (signal.aborted) {
      await callerWent;
      return undefined;
    }
    return action.eventType === 'synchronous' && reply !== undefined ? flow.nccoIn(reply) : undefined;
  } finally {
    clearTimeout(limit);
  }
}

/** Resolves when the leg is over, with the application's answer to the way it ended. */
async function joinSocket(
  flow: CallFlow,
  far: Leg,
  endpoint: EndpointOf<'websocket'>,
): Promise<WebhookAnswer | undefined> {
  const { network } = flow;
  void far.move('started');
  void far.move('ringing');
  const lost = new AbortController();
  let socket: MediaSocket;
  try {
    socket = await MediaSocket.open({
      endpoint,
      authorization: authorizationOf(flow, endpoint),
      faults: network.faults,
      log: network.options.log,
      onLost: () => {
        lost.abort();
      },
    });
  } catch (error) {
    network.options.log.warn({ err: error }, 'media socket could not be opened');
    return await far.end({ by: 'user', sipCode: '503' }, 'failed', {
      detail: 'cannot_route',
      headers: endpoint.headers,
    });
  }
  if (far.over || flow.leg.over) {
    socket.gone();
    return undefined;
  }
  far.answered(socket);
  flow.leg.room?.enter(far);
  const over = Promise.race([far.ended, aborted(far.takenAway.signal)]);
  const ended = await Promise.race([
    over.then(() => 'ended' as const),
    aborted(lost.signal).then(() => 'lost' as const),
  ]);
  if (ended === 'ended') return undefined;
  return await disconnected(far, endpoint);
}

/** The application's side broke off: the one event whose reply brings the caller back to a live host. */
async function disconnected(far: Leg, endpoint: EndpointOf<'websocket'>): Promise<WebhookAnswer> {
  far.room?.leave(far);
  const answer = await far.move('disconnected', { headers: endpoint.headers });
  void far.end({ by: 'user', sipCode: '200' });
  return answer;
}

async function joinPhone(flow: CallFlow, far: Leg, action: ActionOf<'connect'>): Promise<WebhookAnswer | undefined> {
  const endpoint = action.endpoint[0];
  const headers = endpoint.type === 'sip' ? sipHeaders(endpoint) : {};
  const rung = await flow.network.ring(far, { timeoutS: action.timeout, headers });
  if (!rung.answered) return rung.reply;
  const detection = detectionAsked(action.machineDetection, action.advancedMachineDetection);
  if (detection !== undefined) {
    const detected = detectMachine(flow.network, far, detection);
    if (detection.waits) await detected;
  }
  if (endpoint.type === 'phone' && endpoint.onAnswer !== undefined) await flow.briefing(far, endpoint.onAnswer.url);
  if (far.over) return undefined;
  if (endpoint.type === 'phone' && endpoint.dtmfAnswer !== undefined)
    for (const digit of endpoint.dtmfAnswer) far.party?.digit?.(digit);
  flow.leg.room?.enter(far);
  await Promise.race([far.ended, aborted(far.takenAway.signal)]);
  return undefined;
}

function authorizationOf(flow: CallFlow, endpoint: EndpointOf<'websocket'>): string | undefined {
  const { signer } = flow.network.options;
  if (endpoint.authorization?.type === 'custom') return endpoint.authorization.value;
  if (endpoint.authorization?.type === 'vonage' && signer !== undefined)
    return `Bearer ${webhookToken(signer, undefined, Date.now())}`;
  return undefined;
}

function sipHeaders(endpoint: EndpointOf<'sip'>): Record<string, unknown> {
  const custom = Object.fromEntries(Object.entries(endpoint.headers).map(([name, value]) => [`X-${name}`, value]));
  return { ...custom, ...endpoint.standardHeaders, ...endpoint.standard_headers };
}

function addressOf(endpoint: Endpoint): string {
  switch (endpoint.type) {
    case 'phone':
      return endpoint.number;
    case 'sip':
    case 'websocket':
      return endpoint.uri;
    case 'app':
      return endpoint.user;
    case 'vbc':
      return endpoint.extension;
  }
}
