/** What a call took: its legs and the latency of its turns. */
import { html } from 'hono/html';
import type { CallDocument, TurnDocument } from '../../domain/call-document.ts';
import { time, type Html } from './layout.ts';

export function legSection(call: CallDocument, zone: string): Html {
  if (call.legs.length === 0) return html``;
  const priceEur = call.legs.reduce((sum, leg) => sum + (leg.price_eur ?? 0), 0);
  return html`<section>
    <h2>Connections</h2>
    <table>
      <tr>
        <th>Whose</th>
        <th>Began</th>
        <th>Answered</th>
        <th>Ended</th>
        <th>How</th>
        <th>Seconds</th>
      </tr>
      ${call.legs.map(
        (leg) =>
          html`<tr>
            <td>${leg.role === 'media' ? 'bot' : leg.role}</td>
            <td class="small">${time(leg.started_at, zone)}</td>
            <td class="small">${leg.answered_at === null ? '–' : time(leg.answered_at, zone)}</td>
            <td class="small">${leg.ended_at === null ? '–' : time(leg.ended_at, zone)}</td>
            <td class="small">${leg.end_status ?? ''}</td>
            <td class="number">${leg.duration_s ?? ''}</td>
          </tr>`,
      )}
    </table>
    ${priceEur === 0 ? '' : html`<p class="small quiet">Telephony: ${priceEur.toFixed(4)} EUR</p>`}
  </section>`;
}

const STAGES = [
  ['endpointingMs', 'end of turn'],
  ['recognizerMs', 'recogniser'],
  ['modelFirstTokenMs', 'first token'],
  ['firstSentenceMs', 'first sentence'],
  ['synthesisFirstByteMs', 'voice'],
  ['commitMs', 'commit'],
  ['voiceToVoiceMs', 'voice to voice'],
] as const satisfies readonly (readonly [keyof TurnDocument['latency'], string])[];

export function latencySection(call: CallDocument): Html {
  if (call.turns.length === 0) return html``;
  return html`<section>
    <h2>Turns, in milliseconds</h2>
    <table>
      <tr>
        <th>Answered by</th>
        ${STAGES.map(([, label]) => html`<th>${label}</th>`)}
        <th>tokens in / out</th>
      </tr>
      <tr>
        <th>median</th>
        ${STAGES.map(([stage]) => html`<th>${shown(median(call.turns.map((turn) => turn.latency[stage])))}</th>`)}
        <th></th>
      </tr>
      ${call.turns.map(
        (turn) =>
          html`<tr>
            <td class="small" title="${turn.model}">${turn.answered_by}</td>
            ${STAGES.map(([stage]) => html`<td class="number">${shown(turn.latency[stage])}</td>`)}
            <td class="number small">${turn.usage.inputTokens} / ${turn.usage.outputTokens}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

const shown = (ms: number | null): string => (ms === null ? '–' : String(Math.round(ms)));

export function median(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  const middle = Math.floor(known.length / 2);
  const upper = known[middle];
  const lower = known[known.length % 2 === 0 ? middle - 1 : middle];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
