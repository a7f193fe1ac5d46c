import { connect, createServer, type Socket } from 'node:net';

/** What becomes of one commit: not carried out, carried out unheard, heard late, or the last thing that is heard. */
export type CommitFault = 'lost' | 'unheard' | 'last' | { readonly heardAfterMs: number };

/** The way between the dashboards and their database. */
export type DatabaseWire = {
  /** An address of the database, by this way. */
  through(url: string): string;
  /** Ends every connection and takes none, as a server that was stopped. */
  stop(): void;
  /** Takes connections again. */
  start(): void;
  /** Strikes the next commit of a transaction in which something was said. */
  atCommit(said: string, fault: CommitFault): void;
  /** Whether what was to be struck has been. */
  struck(): boolean;
  close(): Promise<void>;
};

type Struck = { readonly said: string; readonly fault: CommitFault };

/** Opens one to the server of a URL; it knows of PostgreSQL's protocol that what is said in it can be read. */
export async function databaseWire(server: string): Promise<DatabaseWire> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let stopped = false;
  let wished: Struck | null = null;

  const stop = (): void => {
    stopped = true;
    for (const socket of open) socket.destroy();
  };
  const take = (said: string): CommitFault | null => {
    if (wished === null || !said.includes(wished.said)) return null;
    const { fault } = wished;
    wished = null;
    return fault;
  };
  const listener = createServer((client) => {
    if (stopped) return client.destroy();
    const database = connect(Number(port), hostname);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    carry(client, database, { take, stop });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const own = (listener.address() as { readonly port: number }).port;
  return {
    through: (url) => {
      const by = new URL(url);
      by.port = String(own);
      return by.toString();
    },
    stop,
    start: () => {
      stopped = false;
    },
    atCommit: (said, fault) => {
      wished = { said, fault };
    },
    struck: () => wished === null,
    close: async () => {
      stop();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** Carries what one connection says to the database, and its answers back. */
function carry(
  client: Socket,
  database: Socket,
  { take, stop }: { readonly take: (said: string) => CommitFault | null; readonly stop: () => void },
): void {
  let said = '';
  let fault: CommitFault | null = null;
  client.on('data', (chunk) => {
    const text = chunk.toString('latin1');
    said = text.includes('BEGIN') ? text : said + text;
    if (text.includes('COMMIT')) fault = take(said);
    if (fault === 'lost') client.destroy();
    else database.write(chunk);
  });
  database.on('data', (chunk) => {
    if (fault === null) client.write(chunk);
    else if (fault === 'unheard') client.destroy();
    else if (fault === 'last') client.end(chunk, stop);
    else if (fault !== 'lost') setTimeout(() => client.write(chunk), fault.heardAfterMs);
  });
}
