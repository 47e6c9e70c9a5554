import * as nothing from '@/app/api/[[...path]]/route';
import * as invitation from '@/app/api/invitations/[invitationId]/route';
import * as invitations from '@/app/api/invitations/route';
import * as key from '@/app/api/keys/[keyId]/route';
import * as keys from '@/app/api/keys/route';
import * as passkey from '@/app/api/me/passkeys/[passkeyId]/route';
import * as passkeyOptions from '@/app/api/me/passkeys/options/route';
import * as passkeys from '@/app/api/me/passkeys/route';
import * as password from '@/app/api/me/password/route';
import * as me from '@/app/api/me/route';
import * as session from '@/app/api/me/sessions/[sessionId]/route';
import * as sessions from '@/app/api/me/sessions/route';
import * as person from '@/app/api/people/[personId]/route';
import * as sessionsOf from '@/app/api/people/[personId]/sessions/route';
import * as people from '@/app/api/people/route';
import * as offer from '@/app/api/sign-in/invitation/offer/route';
import * as join from '@/app/api/sign-in/invitation/route';
import * as signInPasskeyOptions from '@/app/api/sign-in/passkey/options/route';
import * as signInByPasskey from '@/app/api/sign-in/passkey/route';
import * as signInByPassword from '@/app/api/sign-in/password/route';
import * as signIn from '@/app/api/sign-in/route';
import * as signOut from '@/app/api/sign-out/route';

/** The addresses of access, for serveRoutes. */
export const accessRoutes = {
  '/api/sign-in': signIn,
  '/api/sign-in/password': signInByPassword,
  '/api/sign-in/passkey': signInByPasskey,
  '/api/sign-in/passkey/options': signInPasskeyOptions,
  '/api/sign-in/invitation': join,
  '/api/sign-in/invitation/offer': offer,
  '/api/sign-out': signOut,
  '/api/me': me,
  '/api/me/password': password,
  '/api/me/passkeys': passkeys,
  '/api/me/passkeys/options': passkeyOptions,
  '/api/me/passkeys/[passkeyId]': passkey,
  '/api/me/sessions': sessions,
  '/api/me/sessions/[sessionId]': session,
  '/api/people': people,
  '/api/people/[personId]': person,
  '/api/people/[personId]/sessions': sessionsOf,
  '/api/invitations': invitations,
  '/api/invitations/[invitationId]': invitation,
  '/api/keys': keys,
  '/api/keys/[keyId]': key,
  '/api/[...path]': nothing,
};
