// Comes before everything else in the built server. The framework answers a path it cannot decode with a bare 500. Such a
// path is an address like any other at which there is nothing: where a segment is no encoding, its percent signs stand
// for themselves.
import { Server } from 'node:http';

const { emit } = Server.prototype;

Server.prototype.emit = function tell(event, request, ...rest) {
  if (event === 'request') request.url = readable(request.url);
  return emit.call(this, event, request, ...rest);
};

function readable(url) {
  const [, path, query] = /^([^?]*)(.*)$/s.exec(url);
  return path.split('/').map(decodable).join('/') + query;
}

function decodable(segment) {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
}
