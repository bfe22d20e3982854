/** Text messages from the networks: a customer's own, to their line, and what becomes of ours. */
import { Hono } from 'hono';
import { asE164 } from '../domain/ids.ts';
import { callIdFrom } from '../providers/call-ids.ts';
import type { DeliveryReport, ReceivedText, SmsDoor } from '../providers/sms.ts';
import type { WebhookParts } from './answering.ts';
import { inTime } from './in-time.ts';
import { initiateFor, type ApiPorts } from './ports.ts';
import { tellOfText } from './text-reports.ts';
import { takeStopWord } from './stop-words.ts';
import { checked, sendJson, type WebhookDoor } from './webhook-door.ts';
import { WebhookMemory } from './webhook-memory.ts';

/** The networks wait for longer, and deliver what was not taken again. */
const ASK_MS = 4_000;
const WRITE_MS = 4_000;

export function textRoutes(parts: WebhookParts, options: { memoryMs: number }): Hono {
  const { ports } = parts;
  const router = new Hono();
  const memory = new WebhookMemory(options.memoryMs);
  for (const { path, door } of ports.texts) {
    const webhooks = doorOf(ports, door, memory);
    router.on(['GET', 'POST'], path, (context) =>
      checked(webhooks, context, async (webhook) => {
        const text = door.parseText(webhook, ports.nowMs());
        if (text === null) ports.log.info({ path }, 'message of another kind left');
        else if (!(await takeStopWord(parts, text))) await takeText(ports, text);
        return {};
      }),
    );
    router.on(['GET', 'POST'], `${path}/status`, (context) =>
      checked(webhooks, context, async (webhook) => {
        const report = door.parseReport(webhook, ports.nowMs());
        if (report === null) ports.log.info({ path }, 'report of another kind left');
        else await takeReport(parts, report);
        return {};
      }),
    );
  }
  return router;
}

/** [SM2] Throws where it could not be written down: the network will bring it again. Who has to know of it is told for as long as it takes. */
async function takeReport(parts: WebhookParts, report: DeliveryReport): Promise<void> {
  const { ports, errands } = parts;
  const became = await inTime('store', WRITE_MS, ports.store.texts.noteReport(report));
  if (became === null) return;
  ports.log.info({ messageId: report.messageId, became, reason: report.detail }, 'news of a text message of ours');
  await errands.run('news of a text message', () => tellOfText(ports, report, became));
}

function doorOf({ log, nowMs, settings }: ApiPorts, door: SmsDoor, memory: WebhookMemory): WebhookDoor {
  const { contentType, body } = door.taken;
  return {
    ports: { log, nowMs },
    memory,
    verify: (webhook, atMs) => door.verify(webhook, atMs),
    get publicUrl() {
      return settings.publicUrl;
    },
    send: (context, reply) =>
      reply.status === 200 ? context.body(body, 200, { 'content-type': contentType }) : sendJson(context, reply),
  };
}

/** [TM1] [TM2] A repeat gets the first answer. Throws where nobody could be told: the network will bring it again. */
async function takeText(ports: ApiPorts, received: ReceivedText): Promise<void> {
  const { messageId, text, atMs, part } = received;
  const { settings } = ports;
  const customerNumber = asE164(received.from);
  // A number that takes messages alone is no number of a call.
  const rung = [settings.botNumber, ...settings.numbers.map(({ number }) => number)].find((own) => own === received.to);
  const botNumber = rung ?? settings.botNumber;
  const opened = await ports.calls.openCall({
    numberKey: ports.numberKey(customerNumber),
    customerNumber,
    request: {
      direction: 'inbound',
      proposedCallId: callIdFrom(`sms:${messageId}`),
      botNumber,
      initiate: initiateFor(settings, botNumber),
      leg: null,
      text: {
        messageId,
        text,
        atMs,
        ...(rung === undefined ? { anyNumber: true as const } : {}),
        ...(part === undefined ? {} : { part }),
      },
      callback: null,
      resumeWithinMs: ports.flags.current().callback_timeout_hour * 3_600_000,
    },
    updateId: `sms:${messageId}`,
    withinMs: ASK_MS,
  });
  ports.log.info(
    { messageId, callId: opened.callId, outcome: opened.outcome, pii: { from: received.from, text } },
    'text message taken',
  );
}
