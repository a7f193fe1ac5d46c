import { access } from '@/lib/auth/access';

type Context = { readonly params: Promise<{ readonly nextauth: string[] }> };

/** The few questions that sign somebody in; 404 to everything else. */
async function answer(request: Request, { params }: Context): Promise<Response> {
  return access().answerAuth(request, (await params).nextauth);
}

export { answer as GET, answer as POST };
