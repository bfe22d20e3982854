/** Port: the workflows' histories of a customer, in which their number and words lie as well. */
import type { NumberKey } from '../domain/ids.ts';

export interface CustomerWorkflows {
  numberKey: NumberKey;
  callIds: string[];
  callbackIds: string[];
}

export interface HistoryDoor {
  /** Ends what goes on and deletes every run; how many. What is not found any more is done. */
  erase(of: CustomerWorkflows): Promise<number>;
}
