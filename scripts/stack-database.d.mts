/** Ends the server of a folder, unless others that use the folder live on; never one that was named from outside. */
export function releaseDatabase(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<void>;
/** Forgets record and world of a folder, in which nothing runs. */
export function forgetEverything(folder: string): Promise<void>;
