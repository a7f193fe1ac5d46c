/** Signs somebody in at a dashboard as their browser would; the cookie is as a Cookie header takes it. */
export function signIn(email: string, app?: string): Promise<{ readonly cookie: string }>;
