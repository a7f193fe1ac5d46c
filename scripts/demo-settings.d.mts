/** Where the demo keeps everything. */
export const DEMO_FOLDER: string;
