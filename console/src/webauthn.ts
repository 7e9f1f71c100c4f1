/** Passkeys: the server's options as the browser wants them, and the browser's answer as the server wants it. */

export type Options = Record<string, unknown>;

const bytes = (text: unknown): ArrayBuffer => {
  const plain = atob(String(text).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};

const text = (data: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export async function createPasskey(options: Options): Promise<object> {
  const user = options["user"] as Options;
  const excluded = (options["excludeCredentials"] as Options[] | undefined) ?? [];
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: excluded.map((one) => ({ ...one, id: bytes(one["id"]) })),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return answer(made, { attestationObject: text(response.attestationObject) });
}

export async function usePasskey(options: Options): Promise<object> {
  const publicKey = { ...options, challenge: bytes(options["challenge"]), allowCredentials: [] } as unknown as PublicKeyCredentialRequestOptions;
  const made = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAssertionResponse;
  const handle = response.userHandle ? { userHandle: text(response.userHandle) } : {};
  return answer(made, { authenticatorData: text(response.authenticatorData), signature: text(response.signature), ...handle });
}

const answer = (made: PublicKeyCredential, response: object): object => ({
  id: made.id,
  rawId: text(made.rawId),
  type: made.type,
  response: { clientDataJSON: text(made.response.clientDataJSON), ...response },
});
