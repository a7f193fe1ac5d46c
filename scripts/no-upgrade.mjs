// Comes before everything else in the built server. The framework listens for requests to change the protocol, has none to
// change to in production, and leaves such a connection open for ever. Unheard, they are requests like any other.
import { Server } from 'node:http';

const { on } = Server.prototype;

Server.prototype.on = function listen(event, listener) {
  return event === 'upgrade' ? this : on.call(this, event, listener);
};
