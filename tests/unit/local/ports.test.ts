import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { anyFreePort, claimPort, PortBook, type IsFree } from '../../../local/ports.ts';

const allBut =
  (...taken: number[]): IsFree =>
  (port) =>
    Promise.resolve(!taken.includes(port));

describe('which port a process gets', () => {
  test('[BT7] the default, when it is free', async () => {
    const book = new PortBook({}, allBut());
    expect(await book.take({ variable: 'PORT', fallback: 8080 })).toBe(8080);
    expect(book.moved).toEqual([]);
  });

  test('[BT7] the next free one when the default is taken, and it says so', async () => {
    const book = new PortBook({}, allBut(8080, 8081));
    expect(await book.take({ variable: 'PORT', fallback: 8080 })).toBe(8082);
    expect(book.moved).toEqual(['PORT: 8080 is taken, using 8082']);
  });

  test('[BT7] one that was asked for is never moved', async () => {
    const book = new PortBook({ PORT: '9000' }, allBut(9000));
    await expect(book.take({ variable: 'PORT', fallback: 8080 })).rejects.toThrow(/Port 9000 .*is taken/);
    await expect(new PortBook({ PORT: 'http' }, allBut()).take({ variable: 'PORT', fallback: 8080 })).rejects.toThrow(
      /not a port/,
    );
  });

  test('[BT7] two starts at the same time are not given the same, though nobody listens there yet', async () => {
    const port = await anyFreePort();
    const script = `import { claimPort } from './local/ports.ts'; process.stdout.write(String(await claimPort(${String(port)})));`;
    const ask = (): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(await claimPort(port)).toBe(true);
    expect(ask()).toBe('false');
    const another = await anyFreePort();
    execFileSync(process.execPath, ['--input-type=module', '-e', script.replace(String(port), String(another))]);
    // The one that claimed it has ended.
    expect(await claimPort(another)).toBe(true);
  });

  test('[BT7] consecutive ports move together, and none is given twice', async () => {
    const book = new PortBook({}, allBut(8091));
    expect(await book.take({ variable: 'MEDIA_PORT', fallback: 8090, count: 2 })).toBe(8092);
    expect(await book.take({ variable: 'SANDBOX_HTTP_PORT', fallback: 8093 })).toBe(8094);
  });
});
