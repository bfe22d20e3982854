/** The document of a call just opened, before its workflow has saved one. */
import type { CallDocument } from '../domain/call-document.ts';
import { callDocument, newRecord } from '../domain/document.ts';
import type { CallId, E164 } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';

export interface CallOutline {
  callId: CallId;
  direction: 'inbound' | 'outbound';
  customerNumber: E164 | null;
  botNumber: E164;
  initiate: Initiate;
  atMs: number;
}

export function openedDocument(outline: CallOutline): CallDocument {
  const phase = outline.direction === 'outbound' ? 'dialling' : 'live';
  return callDocument(newRecord({ ...outline, phase }), outline.atMs);
}
