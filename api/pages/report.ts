/** A call as a supervisor or the customer reads it. */
import { html, raw } from 'hono/html';
import type { CallDocument, MessageDocument } from '../../domain/call-document.ts';
import { missingFields } from '../../domain/claim.ts';
import { outcome } from './home.ts';
import { clock, inWords, page, time, type Html } from './layout.ts';
import { markdownHtml } from './markdown.ts';
import { latencySection, legSection } from './report-figures.ts';

export interface ReportFrame {
  zone: string;
  withMenu: boolean;
  /** For links to other reports, signed where the reader has no key. */
  linkTo: (path: string) => string;
}

const REFRESH_S = 5;

export function reportPage(call: CallDocument, frame: ReportFrame): Html {
  const name = call.claim['caller_name'];
  const others =
    call.phone_number === '' || !frame.withMenu
      ? ''
      : html`· <a href="/report/${encodeURIComponent(call.phone_number)}">all calls of ${call.phone_number}</a>`;
  return page(
    {
      title: `Call with ${name ?? call.phone_number}`,
      refreshS: call.in_progress ? REFRESH_S : null,
      withMenu: frame.withMenu,
    },
    html`<h1>${name === undefined ? 'Hello' : `Hello, ${name}`}</h1>
      <p class="quiet">
        ${call.direction === 'inbound' ? 'Call from' : 'Call to'}
        ${call.phone_number === '' ? 'a withheld number' : call.phone_number}, ${time(call.created_at, frame.zone)} ·
        ${call.initiate.bot_company} · ${call.lang} ${others}
      </p>
      <div class="row">
        ${outcome(call)} <span class="chip">${inWords(call.dialog_state)}</span>
        ${call.intent === null ? '' : html`<span class="chip">${inWords(call.intent)}${call.intent_confidence === null ? '' : ` ${Math.round(call.intent_confidence * 100)} %`}</span>`}
        ${call.scenario === null ? '' : html`<span class="chip">${inWords(call.scenario)}</span>`}
      </div>
      ${summarySection(call)} ${claimSection(call)} ${reminderSection(call, frame.zone)}
      ${transferSection(call, frame.zone)} ${talkSection(call, frame.zone)} ${legSection(call, frame.zone)}
      ${latencySection(call)}
      <footer>
        Task: ${call.initiate.task}<br />Call <code>${call.call_id}</code>, as of ${time(call.updated_at, frame.zone)}
      </footer>`,
  );
}

function summarySection(call: CallDocument): Html {
  const { synthesis, next } = call;
  return html`<section>
    <h2>Summary</h2>
    ${synthesis === null ? html`<p class="quiet">${call.in_progress ? 'The conversation is going on.' : 'Not written yet.'}</p>` : raw(markdownHtml(synthesis.long))}
    ${next === null ? '' : html`<p><strong>Next: ${inWords(next.action)}.</strong> ${next.justification}</p>`}
    ${synthesis === null ? '' : html`<p class="small quiet">Satisfaction: ${satisfactionInWords(synthesis.satisfaction)}. ${synthesis.improvement_suggestions}</p>`}
  </section>`;
}

const satisfactionInWords = (satisfaction: string): string => (satisfaction === 'unknow' ? 'unknown' : satisfaction);

function claimSection(call: CallDocument): Html {
  const missing = new Set(missingFields(call.initiate.claim, call.claim).map((field) => field.name));
  return html`<section>
    <h2>
      Claim
      ${missing.size === 0 ? html`<span class="chip good">complete</span>` : html`<span class="chip warm">${missing.size} missing</span>`}
    </h2>
    <table>
      ${call.initiate.claim.map(
        (field) =>
          html`<tr>
            <th title="${field.description ?? ''}">${inWords(field.name)}</th>
            <td>
              ${missing.has(field.name) ? html`<span class="quiet">not known yet</span>` : call.claim[field.name]}
            </td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function reminderSection(call: CallDocument, zone: string): Html {
  if (call.reminders.length === 0) return html``;
  return html`<section>
    <h2>Reminders</h2>
    <table>
      ${call.reminders.map(
        (reminder) =>
          html`<tr>
            <th>${time(reminder.due_date_time, zone)}</th>
            <td>
              <strong>${reminder.title}</strong><br />${reminder.description}<br /><span class="small quiet"
                >for
                ${reminder.owner === 'assistant' ? 'the assistant' : reminder.owner === 'human' ? 'a colleague' : 'the customer'}</span
              >
            </td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function transferSection(call: CallDocument, zone: string): Html {
  if (call.transfers.length === 0) return html``;
  return html`<section>
    <h2>Hand-overs</h2>
    <table>
      ${call.transfers.map(
        (transfer) =>
          html`<tr>
            <th>${time(transfer.requested_at, zone)}</th>
            <td>
              <span class="chip ${transfer.status === 'SUCCESS' ? 'good' : transfer.status === 'FAIL' ? 'bad' : 'warm'}"
                >${transfer.status}</span
              >
              ${transfer.reason}
              ${transfer.operator === null ? '' : html`<span class="quiet">to ${transfer.operator}</span>`}
              ${transfer.detail === null ? '' : html`<br /><span class="small quiet">${transfer.detail}</span>`}
            </td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function talkSection(call: CallDocument, zone: string): Html {
  const messages = call.messages.map((message) => talkItem(call, message, zone));
  return html`<section>
    <h2>Conversation</h2>
    ${
      messages.length === 0
        ? html`<p class="quiet">Nothing said yet.</p>`
        : html`<ol class="talk">
            ${messages}
          </ol>`
    }
  </section>`;
}

function talkItem(call: CallDocument, message: MessageDocument, zone: string): Html {
  const speaker = { human: 'Customer', assistant: call.initiate.bot_name, tool: 'Tool', operator: 'Operator' }[
    message.persona
  ];
  const kind = message.action === 'talk' ? message.persona : 'event';
  const what = message.action === 'talk' ? '' : html` · ${inWords(message.action)}`;
  return html`<li class="${kind}">
    <small>${speaker}${what} · ${clock(message.created_at, zone)}</small>
    ${message.content}${textStatus(message)}${message.interrupted ? html` <span class="chip warm">interrupted</span>` : ''}
    ${message.tool_calls.map(
      (tool) =>
        html`<details>
          <summary class="small ${tool.is_error ? 'bad' : ''}">
            ${inWords(tool.name)}${tool.is_error ? ' failed' : ''}
          </summary>
          <pre>${JSON.stringify(tool.arguments, null, 2)}</pre>
          <pre>${tool.result}</pre>
        </details>`,
    )}
  </li>`;
}

const TEXT_STATUS = {
  received: ['good', 'received'],
  submitted: ['', 'sent'],
  delivered: ['good', 'delivered'],
  failed: ['bad', 'not delivered'],
  perhaps: ['warm', 'perhaps sent'],
} as const;

/** [RP6] */
function textStatus({ sms }: MessageDocument): Html | '' {
  if (sms === undefined) return '';
  const [tone, words] = TEXT_STATUS[sms.status];
  return html` <span class="chip ${tone}" title="${sms.detail ?? ''}">${words}</span>`;
}

export interface ReportList {
  title: string;
  calls: CallDocument[];
  /** The search form is for those with a key. */
  withSearch: boolean;
}

export function reportListPage(list: ReportList, frame: ReportFrame): Html {
  const search = html`<form action="/report" method="get" class="row">
    <input name="phone_number" type="tel" placeholder="+447700900123" aria-label="Phone number" /><button>
      Search
    </button>
  </form>`;
  const rows = list.calls.map(
    (call) =>
      html`<tr>
        <td class="number">
          <a href="${frame.linkTo(`/report/call/${call.call_id}`)}"
            >${call.phone_number === '' ? 'withheld' : call.phone_number}</a
          >
        </td>
        <td class="small">${time(call.created_at, frame.zone)}</td>
        <td>${outcome(call)}</td>
        <td>${call.synthesis?.short ?? ''}</td>
      </tr>`,
  );
  return page(
    { title: list.title, refreshS: null, withMenu: frame.withMenu },
    html`<h1>${list.title}</h1>
      ${list.withSearch ? search : ''}
      <section>
        ${
          rows.length === 0
            ? html`<p class="quiet">No calls.</p>`
            : html`<table>
                <tr>
                  <th>Customer</th>
                  <th>When</th>
                  <th>Outcome</th>
                  <th>In short</th>
                </tr>
                ${rows}
              </table>`
        }
      </section>`,
  );
}
