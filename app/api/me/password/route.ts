import { SetPassword } from '@/lib/protocol/person';
import { describeMe } from '@/lib/server/access/describe-me';
import { setPassword } from '@/lib/server/access/set-password';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  PUT: write({ role: 'viewer' }, async ({ rt, caller, body, address }) => {
    const input = body(SetPassword);
    // The password may be guessed here as well as at the sign-in.
    if (input.currentPassword !== undefined) await rt.access.limits.countSignIn(address);
    await setPassword(rt, caller, input);
    return describeMe(rt, caller);
  }),
});
