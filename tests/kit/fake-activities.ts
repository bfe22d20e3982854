/**
 * The activities of a call, in memory: a network, a store and media hosts that do as the test says.
 * A turn that the test has not scripted fails loudly.
 */
import { pino } from 'pino';
import { ApplicationFailure, cancellationSignal, CompleteAsyncError, heartbeat } from '@temporalio/activity';
import { createCallbackActivities, type CallbackActivities } from '../../activities/callbacks.ts';
import type { CrmActivities } from '../../activities/crm.ts';
import type { DialActivities, DialInput } from '../../activities/dial.ts';
import type { InsightActivities } from '../../activities/insights.ts';
import type { LegActivities } from '../../activities/legs.ts';
import type { RuleActivities } from '../../activities/rules.ts';
import type { StoreActivities } from '../../activities/store.ts';
import { createOptOutActivities, type OptOutActivities, type OptOutDeps } from '../../activities/opting-out.ts';
import { createTextActivities, type TextActivities } from '../../activities/texts.ts';
import { createToolActivities, type ToolActivities } from '../../activities/tools.ts';
import {
  createWritingActivities,
  type WriteInput,
  type WritingActivities,
  type WritingDeps,
} from '../../activities/writing.ts';
import { ANY_TIME, type CallingHours } from '../../domain/calling-hours.ts';
import type { CallDocument } from '../../domain/call-document.ts';
import { NO_LATENCY, NO_USAGE } from '../../domain/conversation.ts';
import { SHIPPED_RULES, type CallRules } from '../../domain/dialog.ts';
import { endedByForce } from '../../domain/document.ts';
import { insightByRules } from '../../domain/document-insight.ts';
import { asLegId, type HostId, type LegId } from '../../domain/ids.ts';
import type { LegStatus } from '../../domain/leg.ts';
import { memoryOf } from '../../domain/recap.ts';
import { earlierCalls } from '../../domain/resume.ts';
import { leanAnswer, wholeQuestion } from '../../domain/turn-wire.ts';
import { createMemoryCampaigns } from './memory-campaigns.ts';
import { intentsInMemory } from './memory-intents.ts';
import { Breaker } from '../../media/breaker.ts';
import { createPacer } from '../../media/pacer.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { noKnowledge } from '../../providers/knowledge.ts';
import { createRulesLlm } from '../../providers/rules/llm.ts';
import { toolsFor } from '../../providers/tool-schemas.ts';
import type { CallbackDocument } from '../../providers/store.ts';
import type { DialledLeg } from '../../providers/telephony.ts';
import type {
  AnswerTurnInput,
  AnswerTurnOutcome,
  CarryLegInput,
  CarryLegOutcome,
  MediaActivities,
  PrepareGreetingInput,
} from '../../workflows/call/messages.ts';

/** What the network does with the next dial. */
export type DialScript =
  | 'rings'
  | 'rings_then_acknowledgement_lost'
  | 'rings_then_worker_dies'
  | 'acknowledgement_lost'
  | { failure: string; details?: object };

export interface FakeWorld {
  rules: CallRules;
  dials: DialScript[];
  dialled: DialInput[];
  /** What the network itself would list. */
  legsAtNetwork: DialledLeg[];
  hungUp: LegId[];
  broughtToBot: { legId: LegId; avoid: HostId[] }[];
  operatorsRung: { number: string }[];
  statusOf: Map<string, LegStatus>;
  calls: Map<string, CallDocument>;
  /** Every save, in order. */
  saves: CallDocument[];
  callbacks: Map<string, CallbackDocument>;
  /** While true the store is away. */
  storeAway: boolean;
  notes: Map<string, { noteId: string; text: string }>;
  noteWrites: number;
  /** The next creates of a note are written and then not acknowledged. */
  doubtfulNotes: number;
  webhooks: string[];
  sms: string[];
  /** What was asked to be answered in writing; the rules do. */
  writings: WriteInput[];
  /** The network refuses so many of the next text messages. */
  textsRefused: number;
  optedOut: Set<string>;
  /** Calling hours by country; at any time where a test does not say otherwise. */
  hours: Record<string, CallingHours>;
  /** So many tools are taken up by a worker that dies with them. */
  toolsDying: number;
  host: HostId | null;
}

export function createFakeWorld(rules: Partial<CallRules> = {}): FakeWorld {
  return {
    rules: { ...SHIPPED_RULES, ...rules },
    dials: [],
    dialled: [],
    legsAtNetwork: [],
    hungUp: [],
    broughtToBot: [],
    operatorsRung: [],
    statusOf: new Map(),
    calls: new Map(),
    saves: [],
    callbacks: new Map(),
    storeAway: false,
    notes: new Map(),
    noteWrites: 0,
    doubtfulNotes: 0,
    webhooks: [],
    sms: [],
    writings: [],
    textsRefused: 0,
    optedOut: new Set(),
    hours: { US: ANY_TIME, default: ANY_TIME },
    toolsDying: 0,
    host: null,
  };
}

type CallActivities = DialActivities &
  LegActivities &
  RuleActivities &
  StoreActivities &
  Pick<CrmActivities, 'findCustomer'> &
  ToolActivities &
  TextActivities &
  WritingActivities &
  CallbackActivities;

export function callActivities(world: FakeWorld): CallActivities {
  const texts = {
    sms: {
      send: ({ text }: { text: string }) => {
        if (world.textsRefused > 0) {
          world.textsRefused -= 1;
          return Promise.reject(new ProviderError('network', 'bad_request', { message: 'no such number' }));
        }
        world.sms.push(text);
        return Promise.resolve({ messageId: `sms-${world.sms.length}` });
      },
    },
    intents: intentsInMemory(),
    log: pino({ level: 'silent' }),
  };
  const tools = createToolActivities({
    ...texts,
    knowledge: noKnowledge,
    zone: 'Etc/UTC',
    country: 'US',
  });
  const writing = createWritingActivities(rulesInWriting());
  return {
    ...network(world),
    ...store(world),
    ...createTextActivities(texts),
    answerInWriting: (input) => {
      world.writings.push(input);
      return writing.answerInWriting(input);
    },
    ...createCallbackActivities({
      ...texts,
      optOuts: { isOptedOut: (number) => Promise.resolve(world.optedOut.has(number)) },
      get hoursByCountry() {
        return world.hours;
      },
      defaultZone: 'Etc/UTC',
    }),
    runTool: (input) => {
      if (world.toolsDying === 0) return tools.runTool(input);
      world.toolsDying -= 1;
      throw new CompleteAsyncError();
    },
    readRules: () => Promise.resolve(world.rules),
    findCustomer: () => Promise.resolve(null),
  };
}

export function rulesInWriting(): WritingDeps {
  const kit = { models: [], rules: createRulesLlm(), breaker: new Breaker(), pacer: createPacer() };
  return {
    thinking: () => ({ ...kit, log: pino({ level: 'silent' }) }),
    prompt: { tools: toolsFor, maxTokens: 400, placeOf: () => ({ zone: 'Etc/UTC', country: 'US' }) },
    hardMs: () => 5_000,
  };
}

function network(world: FakeWorld): DialActivities & LegActivities {
  return {
    dial(input) {
      world.dialled.push(input);
      const script = world.dials.shift() ?? 'rings';
      if (typeof script === 'object') {
        const { failure: type, details } = script;
        throw ApplicationFailure.create({ type, nonRetryable: true, message: type, details: [details] });
      }
      const leg: DialledLeg = {
        legId: asLegId(`leg-${world.dialled.length}`),
        conversationId: null,
        status: 'started',
        startedAtMs: 0,
      };
      if (script !== 'acknowledgement_lost') world.legsAtNetwork.push(leg);
      // Nobody will ever complete it: as if its worker had been killed.
      if (script === 'rings_then_worker_dies') throw new CompleteAsyncError();
      if (script !== 'rings')
        throw ApplicationFailure.create({ type: 'in_doubt', nonRetryable: true, message: 'no acknowledgement came' });
      return Promise.resolve(leg);
    },
    findDialled: () => Promise.resolve(world.legsAtNetwork),
    hangUpLeg({ legId }) {
      world.hungUp.push(legId);
      return Promise.resolve();
    },
    legStatus: ({ legId }) => Promise.resolve({ status: world.statusOf.get(legId) ?? 'answered' }),
    bringToBot({ leg, avoid }) {
      world.broughtToBot.push({ legId: leg.legId, avoid });
      return Promise.resolve({ hostId: avoid[0] as HostId });
    },
    ringOperator({ operatorNumber }) {
      world.operatorsRung.push({ number: operatorNumber });
      return Promise.resolve();
    },
    chooseHost: () => Promise.resolve({ hostId: world.host }),
  };
}

function store(world: FakeWorld): StoreActivities {
  const present = (): void => {
    if (world.storeAway) throw ApplicationFailure.retryable('the store is away', 'unreachable');
  };
  return {
    saveCall(document) {
      present();
      world.saves.push(document);
      const standing = world.calls.get(document.call_id);
      if (standing === undefined || standing.version < document.version) world.calls.set(document.call_id, document);
      return Promise.resolve();
    },
    saveInsight({ call_id, ...insight }) {
      present();
      const standing = world.calls.get(call_id);
      if (standing !== undefined) world.calls.set(call_id, { ...standing, ...insight });
      return Promise.resolve();
    },
    saveCallback(document) {
      present();
      world.callbacks.set(document.callback_id, document);
      return Promise.resolve();
    },
    recallCustomer({ phoneNumber, except, known = null, nowMs }) {
      const documents = [...world.calls.values()]
        .filter((call) => call.phone_number === phoneNumber)
        .sort((one, other) => other.created_at.localeCompare(one.created_at));
      return Promise.resolve({
        notes: earlierCalls(documents, { nowMs, except, known }),
        mayNotCall: world.optedOut.has(phoneNumber),
      });
    },
    noteGoneCall({ callId, nowMs }) {
      present();
      const document = world.calls.get(callId);
      const ended = document === undefined ? null : endedByForce(document, nowMs);
      if (ended !== null) world.calls.set(callId, ended);
      return Promise.resolve();
    },
    recallCall({ callId }) {
      const document = world.calls.get(callId);
      return Promise.resolve(document === undefined ? null : { recap: memoryOf(document), claim: document.claim });
    },
  };
}

/** Contacts on lists are those of the test, where it has any. */
export function optOutActivities(
  world: FakeWorld,
  client: OptOutDeps['client'],
  campaigns?: OptOutDeps['store']['campaigns'],
): OptOutActivities {
  return createOptOutActivities({ client, store: wishesIn(world, campaigns) });
}

export function wishesIn(world: FakeWorld, campaigns?: OptOutDeps['store']['campaigns']): OptOutDeps['store'] {
  const present = (): void => {
    if (world.storeAway) throw ApplicationFailure.retryable('the store is away', 'unreachable');
  };
  return {
    campaigns: campaigns ?? createMemoryCampaigns(present).campaigns,
    optOuts: {
      addOptOut: async ({ phone_number }) => {
        present();
        const isNew = !world.optedOut.has(phone_number);
        world.optedOut.add(phone_number);
        return isNew;
      },
      removeOptOut: async (number) => world.optedOut.delete(number),
      isOptedOut: async (number) => {
        present();
        return world.optedOut.has(number);
      },
      listOptOuts: async () => [],
      forgetNumber: async () => {
        throw new Error('nobody is erased here');
      },
    },
    openCallbacksOf: async (number) => {
      present();
      return [...world.callbacks.values()].filter(
        ({ phone_number, status }) => phone_number === number && (status === 'pending' || status === 'dialling'),
      );
    },
  };
}

export function insightActivities(world: FakeWorld): Omit<CrmActivities, 'findCustomer'> & InsightActivities {
  return {
    synthesise: (document) => Promise.resolve({ ...insightByRules(document).synthesis, short: 'By the model.' }),
    decideNext: (document) => Promise.resolve(insightByRules(document).next),
    ruleInsight: (document) => Promise.resolve(insightByRules(document)),
    postWebhook({ eventId }) {
      world.webhooks.push(eventId);
      return Promise.resolve();
    },
    findOrCreateCustomer: ({ phoneNumber }) =>
      Promise.resolve({ customerId: `customer-${phoneNumber}`, name: null, email: null, notes: null }),
    createNote({ externalKey, text }) {
      world.noteWrites += 1;
      world.notes.set(externalKey, { noteId: `note-${world.noteWrites}`, text });
      if (world.doubtfulNotes > 0) {
        world.doubtfulNotes -= 1;
        throw ApplicationFailure.create({ type: 'in_doubt', nonRetryable: true, message: 'no acknowledgement came' });
      }
      return Promise.resolve({ noteId: `note-${world.noteWrites}` });
    },
    updateNote({ noteId, note }) {
      world.notes.set(note.externalKey, { noteId, text: note.text });
      return Promise.resolve();
    },
    findNote: ({ externalKey }) => Promise.resolve({ noteId: world.notes.get(externalKey)?.noteId ?? null }),
  };
}

type Answerer = (input: AnswerTurnInput) => Partial<AnswerTurnOutcome> | Promise<Partial<AnswerTurnOutcome>>;

const saysOnlyWhatItIsGiven: Answerer = (input) => {
  if (input.say !== null) return { said: input.say };
  throw ApplicationFailure.nonRetryable(`no answer is scripted for "${input.utterance}"`);
};

/** One media process: answers as scripted by what it is asked, carries legs until the test ends them. */
export class FakeHost {
  asked: AnswerTurnInput[] = [];
  carried: CarryLegInput[] = [];
  prepared: PrepareGreetingInput[] = [];
  answer: Answerer = saysOnlyWhatItIsGiven;
  readonly #ends = new Map<string, (outcome: CarryLegOutcome | Error) => void>();

  /** The far side closed, or the process died (an error). */
  end(connectId: string, outcome: CarryLegOutcome | Error): void {
    const settle = this.#ends.get(connectId);
    if (settle === undefined) throw new Error(`no leg ${connectId} is carried here`);
    settle(outcome);
  }

  carries(connectId: string): boolean {
    return this.#ends.has(connectId);
  }

  endAll(): void {
    for (const settle of this.#ends.values()) settle({ endedBy: 'network', heard: [] });
  }

  reset(): void {
    this.endAll();
    this.asked = [];
    this.carried = [];
    this.prepared = [];
    this.answer = saysOnlyWhatItIsGiven;
  }

  readonly activities: MediaActivities = {
    answerTurn: async (asked) => {
      const input = wholeQuestion<AnswerTurnInput>(asked);
      this.asked.push(input);
      const given = await this.answer(input);
      const said = given.said ?? '';
      const answer = { ...QUIET, turnId: input.turnId, round: input.round, said, heardText: said, ...given };
      return leanAnswer<AnswerTurnOutcome>(answer);
    },
    carryLeg: async (input) => {
      this.carried.push(input);
      const beat = setInterval(() => heartbeat(), 500);
      const cancelled = cancellationSignal();
      try {
        return await new Promise<CarryLegOutcome>((resolve, reject) => {
          this.#ends.set(input.connectId, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
          cancelled.addEventListener('abort', () => reject(cancelled.reason as Error));
        });
      } finally {
        clearInterval(beat);
      }
    },
    prepareGreeting: (input) => {
      this.prepared.push(input);
      return Promise.resolve();
    },
  };
}

const QUIET: Omit<AnswerTurnOutcome, 'turnId' | 'round' | 'said' | 'heardText'> = {
  heardComplete: true,
  ended: 'played',
  toolCalls: [],
  answeredBy: 'fast',
  model: 'scripted',
  usage: { ...NO_USAGE },
  latency: { ...NO_LATENCY },
  style: 'none',
};
