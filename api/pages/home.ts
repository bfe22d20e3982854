/** The first page: who is on the line, who was, what is promised, and the ways on. */
import { html } from 'hono/html';
import type { CallDocument } from '../../domain/call-document.ts';
import type { CallbackDocument } from '../../providers/store.ts';
import type { Check } from '../health.ts';
import type { ApiSettings } from '../ports.ts';
import { inWords, page, time, type Html } from './layout.ts';

export interface HomeMatter {
  /** Null = the store does not answer. */
  live: CallDocument[] | null;
  recent: CallDocument[] | null;
  callbacks: CallbackDocument[] | null;
  /** Of colleagues, whose time has come. */
  tasks: CallbackDocument[] | null;
  checks: Check[];
  settings: Pick<ApiSettings, 'links' | 'zone' | 'publicUrl'>;
}

const REFRESH_S = 3;

export function homePage(matter: HomeMatter): Html {
  const { live, recent, callbacks, tasks, checks, settings } = matter;
  return page(
    { title: 'Calls', refreshS: REFRESH_S, withMenu: true },
    html`<h1>Calls</h1>
      <div class="row">
        ${checks.map((check) => html`<span class="chip ${check.status === 'ok' ? 'good' : 'bad'}" title="${check.detail}">${check.id}: ${check.status === 'ok' ? shortly(check) : 'fails'}</span>`)}
      </div>
      <section>
        <h2>On the line now</h2>
        ${live === null ? away : live.length === 0 ? html`<p class="quiet">Nobody.</p>` : liveTable(live, settings.zone)}
      </section>
      <section>
        <h2>Recent calls</h2>
        ${recent === null ? away : recent.length === 0 ? firstSteps(settings) : recentTable(recent, settings.zone)}
      </section>
      <section>
        <h2>To be done by a colleague</h2>
        ${tasks === null ? away : tasks.length === 0 ? html`<p class="quiet">Nothing is due.</p>` : callbackTable(tasks, settings.zone)}
      </section>
      <section>
        <h2>Promised callbacks and reminders</h2>
        ${callbacks === null ? away : callbacks.length === 0 ? html`<p class="quiet">None pending.</p>` : callbackTable(callbacks, settings.zone)}
      </section>
      <section>
        <h2>Elsewhere</h2>
        <div class="row">
          ${settings.links.softphone === null ? '' : html`<a class="chip" href="${settings.links.softphone}">Softphone</a>`}
          ${settings.links.temporalUi === null ? '' : html`<a class="chip" href="${settings.links.temporalUi}">Temporal UI</a>`}
          <a class="chip" href="/report">Reports</a> <a class="chip" href="/docs">API reference</a>
          <a class="chip" href="/openapi.json">OpenAPI</a> <a class="chip" href="/health/readiness">Health</a>
          <a class="chip" href="/metrics">Metrics</a>
        </div>
      </section>
      <footer>Refreshes every ${REFRESH_S} seconds.</footer>`,
  );
}

const away = html`<p class="bad">The store does not answer; calls go on.</p>`;

/** Vendors say whether they are real. */
const shortly = (check: Check): string => (/^(real|stand-in|absent)$/.test(check.detail) ? check.detail : 'ok');

const reportLink = (call: CallDocument): Html =>
  html`<a href="/report/call/${call.call_id}">${call.phone_number === '' ? 'number withheld' : call.phone_number}</a>`;
const arrow = (call: CallDocument): string => (call.direction === 'inbound' ? '↙ in' : '↗ out');

function liveTable(calls: CallDocument[], zone: string): Html {
  return html`<table>
    <tr>
      <th>Customer</th>
      <th></th>
      <th>Phase</th>
      <th>Dialogue</th>
      <th>Claim</th>
      <th>Last words</th>
      <th>Since</th>
    </tr>
    ${calls.map(
      (call) =>
        html`<tr>
          <td class="number">${reportLink(call)}</td>
          <td class="small quiet">${arrow(call)}</td>
          <td><span class="chip good">${inWords(call.phase)}</span></td>
          <td class="small">${inWords(call.dialog_state)}</td>
          <td class="number">${filled(call)}</td>
          <td class="small">${lastWords(call)}</td>
          <td class="small quiet">${time(call.created_at, zone)}</td>
        </tr>`,
    )}
  </table>`;
}

const filled = (call: CallDocument): string =>
  `${call.initiate.claim.filter((field) => call.claim[field.name]).length} of ${call.initiate.claim.length}`;

function lastWords(call: CallDocument): string {
  const last = call.messages.findLast((message) => message.content !== '');
  if (last === undefined) return '';
  return last.content.length > 120 ? `${last.content.slice(0, 119)}…` : last.content;
}

function recentTable(calls: CallDocument[], zone: string): Html {
  return html`<table>
    <tr>
      <th>Customer</th>
      <th></th>
      <th>When</th>
      <th>Outcome</th>
      <th>In short</th>
    </tr>
    ${calls.map(
      (call) =>
        html`<tr>
          <td class="number">${reportLink(call)}</td>
          <td class="small quiet">${arrow(call)}</td>
          <td class="small">${time(call.created_at, zone)}</td>
          <td>${outcome(call)}</td>
          <td class="small">${call.synthesis?.short ?? ''}</td>
        </tr>`,
    )}
  </table>`;
}

export function outcome(call: Pick<CallDocument, 'in_progress' | 'phase' | 'disposition' | 'missed'>): Html {
  if (call.in_progress) return html`<span class="chip good">${inWords(call.phase)}</span>`;
  if (call.phase === 'resumable') return html`<span class="chip warm">can be resumed</span>`;
  const kind = call.missed
    ? 'bad'
    : call.disposition === 'completed' || call.disposition === 'transferred'
      ? 'good'
      : 'warm';
  return html`<span class="chip ${kind}">${inWords(call.disposition ?? 'closed')}</span>`;
}

function callbackTable(callbacks: CallbackDocument[], zone: string): Html {
  return html`<table>
    <tr>
      <th>Due</th>
      <th>Customer</th>
      <th>What for</th>
      <th>Tries</th>
    </tr>
    ${callbacks.map(
      (callback) =>
        html`<tr>
          <td class="small">${time(callback.due_date_time, zone)}</td>
          <td class="number">
            <a href="/report/${encodeURIComponent(callback.phone_number)}">${callback.phone_number}</a>
          </td>
          <td>${callback.title}<br /><span class="small quiet">${callback.description}</span></td>
          <td class="number">${callback.attempts.length}</td>
        </tr>`,
    )}
  </table>`;
}

function firstSteps(settings: HomeMatter['settings']): Html {
  const command = `curl -X POST ${settings.publicUrl}/call -H 'content-type: application/json' -d '{"phone_number": "+447700900123"}'`;
  return html`<p class="quiet">None yet. Ring somebody:</p>
    <pre>${command}</pre>`;
}
