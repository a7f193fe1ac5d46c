// Comes before everything else in the built server. A load balancer that reuses a connection in the moment it is closed
// here answers 502 in our name, so we keep connections longer than it does (an ALB: 60 s unless told).
process.env.KEEP_ALIVE_TIMEOUT ??= '75000';
