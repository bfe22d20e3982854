/** The frame of every page: one style sheet, nothing from elsewhere, no script; readable on a phone, by day and by night. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Pages show what customers said: nothing may be loaded, run or framed, and no address may leak through a link. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #17202b; --quiet: #5b6775; --line: #e1e5ea; --accent: #2457d6; --good: #12805c; --bad: #c0362c; --warm: #a65f00; --bubble: #edf1f7; --own: #e4ecff; }
@media (prefers-color-scheme: dark) { :root { --ground: #11151b; --card: #1a2029; --ink: #e7ebf0; --quiet: #98a4b3; --line: #2c3541; --accent: #8aaeff; --good: #54c79a; --bad: #ff8a80; --warm: #f0b45a; --bubble: #232b36; --own: #1e2c4d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header.top > div { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header.top { background: var(--card); border-bottom: 1px solid var(--line); }
header.top > div { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; padding-block: .75rem; }
header.top strong { font-size: 1.1rem; letter-spacing: -.01em; margin-right: auto; }
header.top strong a { color: inherit; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 1.6rem; letter-spacing: -.02em; line-height: 1.2; margin: 1.75rem 0 .5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem; margin: 1rem 0; overflow-x: auto; }
p { margin: .5rem 0; } .quiet { color: var(--quiet); } .small { font-size: .875rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .8rem; font-weight: 600; color: var(--quiet); white-space: nowrap; } tr:last-child > td, tr:last-child > th { border-bottom: 0; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.chip { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; border: 1px solid var(--line); font-size: .8rem; white-space: nowrap; }
.good { color: var(--good); border-color: currentColor; } .bad { color: var(--bad); border-color: currentColor; } .warm { color: var(--warm); border-color: currentColor; }
.row { display: flex; flex-wrap: wrap; gap: .4rem; }
.talk { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.talk li { max-width: 85%; padding: .55rem .8rem; border-radius: .9rem; background: var(--bubble); overflow-wrap: anywhere; }
.talk li.assistant { justify-self: end; background: var(--own); } .talk li.tool, .talk li.event { justify-self: center; background: none; border: 1px dashed var(--line); }
.talk small { display: block; color: var(--quiet); }
pre, code { font: .85rem/1.45 ui-monospace, Menlo, Consolas, monospace; } pre { overflow-x: auto; background: var(--bubble); padding: .7rem; border-radius: .5rem; margin: .4rem 0; }
details summary { cursor: pointer; color: var(--quiet); }
.method { font: 600 .75rem ui-monospace, monospace; padding: .1rem .45rem; border-radius: .35rem; background: var(--own); }
input { font: inherit; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); color: inherit; }
button { font: inherit; padding: .45rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--card); cursor: pointer; }
footer { color: var(--quiet); font-size: .85rem; padding: 1rem 0 3rem; }
`;

export interface Frame {
  title: string;
  /** Seconds; null = the page stays as it is. */
  refreshS: number | null;
  /** A reader with a link to one report has no use for the way to others. */
  withMenu: boolean;
}

export function page(frame: Frame, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${frame.refreshS === null ? '' : html`<meta http-equiv="refresh" content="${frame.refreshS}" />`}
        <title>${frame.title} · Evercall</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <header class="top">
          <div>
            <strong>${frame.withMenu ? html`<a href="/">Evercall</a>` : 'Evercall'}</strong>
            ${frame.withMenu ? html`<a href="/report">Reports</a> <a href="/docs">API</a> <a href="/health/readiness">Health</a>` : ''}
          </div>
        </header>
        <main>${body}</main>
      </body>
    </html>`;
}

export function formattedTime(iso: string, zone: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(at);
}

export const time = (iso: string, zone: string): Html =>
  html`<time datetime="${iso}">${formattedTime(iso, zone)}</time>`;

/** Within a conversation the day is known and the seconds matter. */
export function clock(iso: string, zone: string): Html {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return html`${iso}`;
  const shown = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: zone }).format(at);
  return html`<time datetime="${iso}">${shown}</time>`;
}

/** `caller_name` → `Caller name`. */
export function inWords(name: string): string {
  const words = name.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
