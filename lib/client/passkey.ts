import { JsonObject } from '@/lib/protocol/json';

/** Why no passkey came about, in words for the person; `cancelled` when they said no or let it pass. */
export class PasskeyError extends Error {
  readonly cancelled: boolean;

  constructor(message: string, cancelled: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PasskeyError';
    this.cancelled = cancelled;
  }
}

/** Whether this browser has passkeys and can read the server's options. They need https, or localhost. */
export const browserTakesPasskeys = (): boolean =>
  window.isSecureContext &&
  typeof PublicKeyCredential !== 'undefined' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';

function toFailure(error: unknown): PasskeyError {
  const name = error instanceof Error ? error.name : '';
  const cause = { cause: error };
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new PasskeyError('No passkey was given.', true, cause);
  if (name === 'InvalidStateError') return new PasskeyError('This device has a passkey for you already.', false, cause);
  if (name === 'SecurityError') {
    return new PasskeyError('Passkeys do not work at this address. Use a password.', false, cause);
  }
  return new PasskeyError('The browser could not do it. Use a password.', false, cause);
}

async function answerOf(asked: Promise<Credential | null>): Promise<JsonObject> {
  const credential = await asked.catch((error: unknown) => {
    throw toFailure(error);
  });
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyError('No passkey was given.', true);
  return JsonObject.parse(JSON.parse(JSON.stringify(credential.toJSON())));
}

/**
 * Lets the device make a passkey. `options` are the server's (WebAuthn creation options as JSON); resolves with what the
 * server wants back.
 * @throws PasskeyError
 */
export function createPasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<JsonObject> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return answerOf(navigator.credentials.create({ publicKey }));
}

/** Asks the device for a passkey. @throws PasskeyError */
export function getPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<JsonObject> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return answerOf(navigator.credentials.get({ publicKey }));
}
