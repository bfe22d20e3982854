/** The customer's record: known before the greeting where that is quick, a note after the call, once. */
import { cancellationSignal } from '@temporalio/activity';
import type { CallId, E164 } from '../domain/ids.ts';
import type { Crm, CrmCustomer, CrmNote } from '../providers/crm.ts';
import type { ReportLinks } from '../providers/report-links.ts';
import { withFailures } from './failures.ts';

export interface CrmDeps {
  /** Null = none is configured. */
  crm: Crm | null;
  lookupBudgetMs: number;
  /** For readers without a key. */
  links: Pick<ReportLinks, 'sign'>;
}

export interface CallNote extends CrmNote {
  /** Whose transcript the note leads to. */
  callId?: CallId;
}

export type CrmActivities = ReturnType<typeof createCrmActivities>;

export function createCrmActivities({ crm, lookupBudgetMs, links }: CrmDeps) {
  // In front, where a text that is cut keeps it.
  const withLink = ({ callId, ...note }: CallNote): CrmNote =>
    callId === undefined
      ? note
      : { ...note, text: `Report and transcript: ${links.sign(`/report/call/${callId}`, Date.now())}\n\n${note.text}` };
  return withFailures({
    /** Null = unknown, or no CRM; what takes longer than the budget counts as unknown. */
    async findCustomer({ phoneNumber }: { phoneNumber: E164 }): Promise<CrmCustomer | null> {
      if (crm === null) return null;
      const budget = AbortSignal.timeout(lookupBudgetMs);
      try {
        return await crm.findCustomer({ phoneNumber }, AbortSignal.any([budget, cancellationSignal()]));
      } catch (error) {
        if (budget.aborted && !cancellationSignal().aborted) return null;
        throw error;
      }
    },
    /** Null = no CRM is configured. Takes its time: for work after the call. */
    async findOrCreateCustomer(customer: {
      phoneNumber: E164;
      name: string | null;
      email: string | null;
    }): Promise<CrmCustomer | null> {
      if (crm === null) return null;
      const known = await crm.findCustomer({ phoneNumber: customer.phoneNumber }, cancellationSignal());
      return known ?? (await crm.createCustomer(customer));
    },
    async createNote(note: CallNote): Promise<{ noteId: string }> {
      return await required(crm).createNote(withLink(note));
    },
    async updateNote({ noteId, note }: { noteId: string; note: CallNote }): Promise<void> {
      await required(crm).updateNote(noteId, withLink(note));
    },
    async findNote(query: { customerId: string; externalKey: string }): Promise<{ noteId: string | null }> {
      return { noteId: (await required(crm).findNote(query))?.noteId ?? null };
    },
  });
}

function required(crm: Crm | null): Crm {
  if (crm === null) throw new Error('no CRM is configured, yet a note is to be written');
  return crm;
}
