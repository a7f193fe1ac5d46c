/** Where the demo keeps everything. */
export const DEMO_FOLDER: string;
/** What the demo's pipelines show when they ask for holds of a target. */
export function demoToken(target: string): string;
