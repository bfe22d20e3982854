/** Port: what the company has written down. */
export interface KnowledgePassage {
  title: string;
  text: string;
  /** Where a person can read on. */
  source: string | null;
}

export interface Knowledge {
  /** Best first; empty = nothing found. */
  search(
    query: { queries: string[]; language: string; limit: number },
    signal: AbortSignal,
  ): Promise<KnowledgePassage[]>;
}

/** Until documents are loaded: honest about finding nothing. */
export const noKnowledge: Knowledge = { search: () => Promise.resolve([]) };
