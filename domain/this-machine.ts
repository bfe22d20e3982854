/** Does a request come from this machine? Behind a tunnel every request looks local, so what was forwarded does not. */

const FORWARDED = /^(forwarded|x-forwarded-.+|x-real-ip|cf-connecting-ip|true-client-ip)$/i;

export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

export const isForwarding = (header: string): boolean => FORWARDED.test(header);
