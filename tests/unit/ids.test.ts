import { describe, expect, test } from 'vitest';
import {
  anonymousKey,
  asCallbackId,
  asCallId,
  asE164,
  asHostId,
  asLegId,
  callbackWorkflowId,
  callWorkflowId,
  lineWorkflowId,
  mediaQueue,
  wrapUpWorkflowId,
} from '../../domain/ids.ts';
import { numberKeys } from '../../providers/number-key.ts';

const number = asE164('+12025550143');

describe('workflow ids', () => {
  test('[ID1] name what they are of, and no two kinds share one', () => {
    const ids = [
      lineWorkflowId(numberKeys(null)(number)),
      callWorkflowId(asCallId('17')),
      callbackWorkflowId(asCallbackId('17')),
      wrapUpWorkflowId(asCallId('17'), 1),
      wrapUpWorkflowId(asCallId('17'), 2),
      mediaQueue(asHostId('17')),
    ];
    expect(ids).toEqual(['line:+12025550143', 'call:17', 'callback:17', 'wrap-up:17:1', 'wrap-up:17:2', 'media:17']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('[ID2] a caller without a number gets a line of the leg’s own', () => {
    expect(lineWorkflowId(anonymousKey(asLegId('leg-1')))).toBe('line:anon:leg-1');
    expect(anonymousKey(asLegId('leg-1'))).not.toBe(anonymousKey(asLegId('leg-2')));
  });
});

describe('a number in an id', () => {
  test('[ID3] stands plainly without a key', () => {
    expect(numberKeys(null)(number)).toBe(number);
  });

  test('[ID3] with a key cannot be read, is always the same, and is another under another key', () => {
    const keyed = numberKeys('secret')(number);
    expect(keyed).toBe(numberKeys('secret')(number));
    expect(keyed).not.toContain('2025550143');
    expect(keyed).toMatch(/^[\w-]{22}$/);
    expect(keyed).not.toBe(numberKeys('another')(number));
    expect(keyed).not.toBe(numberKeys('secret')(asE164('+12025550144')));
  });
});
