export const PARENT_PID_VARIABLE: string;
export function isOrphaned(): boolean;
export function endWithParent(): void;
