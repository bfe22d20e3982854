/** The tools the model may ask for, by name; argument shapes are checked at the edge (`providers/tool-schemas.ts`). */

export type ToolName =
  | 'update_claim'
  | 'new_claim'
  | 'create_or_update_reminder'
  | 'talk_to_human'
  | 'send_sms'
  | 'set_language'
  | 'set_speech_speed'
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
