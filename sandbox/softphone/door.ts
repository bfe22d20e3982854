/** The browser's phone: its page, and the websocket over which it rings, speaks and hears. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger } from 'pino';
import type { Sandbox } from '../control/routes.ts';
import { HttpError } from '../http.ts';
import { Softphone } from './softphone.ts';

export interface SoftphoneDoor {
  page(req: IncomingMessage, res: ServerResponse): Promise<void>;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

const FILES: Record<string, { file: string; type: string }> = {
  '/phone': { file: 'page.html', type: 'text/html; charset=utf-8' },
  '/phone/': { file: 'page.html', type: 'text/html; charset=utf-8' },
  '/phone/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/phone/sound.js': { file: 'sound.js', type: 'text/javascript; charset=utf-8' },
  '/phone/worklet.js': { file: 'worklet.js', type: 'text/javascript; charset=utf-8' },
  '/phone/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
};

export function createSoftphoneDoor(sandbox: Sandbox, log: Logger): SoftphoneDoor {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 });
  sockets.on('connection', (socket) => {
    new Softphone(sandbox, socket, log);
  });
  return {
    page: async (req, res) => {
      const found = FILES[new URL(req.url ?? '/', 'http://sandbox').pathname];
      if (req.method !== 'GET' || found === undefined) throw new HttpError(404, { title: 'no such page' });
      const content = await readFile(join(import.meta.dirname, found.file));
      res.writeHead(200, { 'content-type': found.type, 'cache-control': 'no-cache' }).end(content);
    },
    upgrade: (req, socket, head) => {
      if (new URL(req.url ?? '/', 'http://sandbox').pathname !== '/phone/ws' || !fromOurPage(req)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(req, socket, head, (ws) => sockets.emit('connection', ws, req));
    },
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** A page of another origin could otherwise ring through the visitor's loopback. */
function fromOurPage(req: IncomingMessage): boolean {
  const { origin, host } = req.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
