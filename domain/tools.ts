/** The tools the model may ask for, by name; argument shapes are checked at the edge (`providers/tool-schemas.ts`). */

export type ToolName =
  | 'update_claim'
  | 'new_claim'
  | 'create_or_update_reminder'
  | 'cancel_reminder'
  | 'talk_to_human'
  | 'send_sms'
  | 'set_language'
  | 'set_speech_speed'
  | 'opt_out'
  | 'end_call'
  | 'search_knowledge';

export interface ToolCall {
  /** The model's own id of the request; pairs it with its result. */
  toolUseId: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** What goes back to the model. `isError` = it may correct itself and try again. */
export interface ToolResult {
  toolUseId: string;
  name: string;
  content: string;
  isError: boolean;
}

/** What it does decides what those behind it find: they wait for it, and it for those before. */
const STANDS_ALONE: readonly string[] = ['new_claim', 'set_language'] satisfies ToolName[];

/** [TL17] Tools of one reply, in groups that may run side by side; their order stays. */
export function sideBySide(calls: readonly ToolCall[]): ToolCall[][] {
  const groups: ToolCall[][] = [];
  let open = false;
  for (const call of calls) {
    const alone = STANDS_ALONE.includes(call.name);
    const group = groups.at(-1);
    if (open && !alone && group !== undefined) group.push(call);
    else groups.push([call]);
    open = !alone;
  }
  return groups;
}

/** Two requests of one reply or turn that ask for the same. */
export const sameRequest = (call: ToolCall): string => `${call.name} ${JSON.stringify(call.arguments)}`;
