/** Header in which the proxy tells a page its own address, so that sign-in can return to it. */
export const ADDRESS_HEADER = 'x-ecs-rollback-address';

/** Cookie that says on the sign-in page that somebody has just signed out here. */
export const SIGNED_OUT_COOKIE = 'signed-out';
