"""Factors: what a person proves itself with. Argon2id for passwords (RFC 9106), time-based codes (RFC 6238), passkeys
(W3C Web Authentication, level 2), each by its library.

Here: making and judging one factor. Not here: keeping it (`store`), what an attempt may cost (`doors`). May know:
terms.
"""

import hmac
import json
from functools import cache
from typing import Any, Final

import msgspec
import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal

STEP_S: Final = 30
STEPS_BACK, STEPS_AHEAD = 1, 1  # of a telephone whose clock is off, RFC 6238 section 5.2
_HASHER: Final = PasswordHasher()


@cache
def _nobody() -> str:
    """Checked when there is no such account, so that the time does not tell."""
    return _HASHER.hash("the password of nobody")


# --- password and code ------------------------------------------------------------------------------------------------


def hash_password(password: str) -> str | Refusal:
    """The hash to keep; MALFORMED for one that is too short or too long."""
    if not limits.PASSWORD_MIN_CHARS <= len(password) <= limits.PASSWORD_MAX_CHARS:
        between = f"{limits.PASSWORD_MIN_CHARS} to {limits.PASSWORD_MAX_CHARS}"
        return Refusal(Reason.MALFORMED, "password", f"a password has {between} characters")
    return _HASHER.hash(password)


def password_fits(hashed: str | None, password: str) -> bool:
    """Whether it is the password; takes as long for an account that there is not."""
    try:
        _HASHER.verify(hashed or _nobody(), password[: limits.PASSWORD_MAX_CHARS])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def new_code_secret() -> str:
    """For an authenticator application, base 32."""
    return pyotp.random_base32()


def code_uri(secret: str, person: str, issuer: str) -> str:
    """What the application reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=issuer)


def code_step(secret: str, code: str, now: Instant) -> int | None:
    """The time step that a code is of; None for a wrong one. All steps are compared, whichever fits."""
    newest = now // SECOND_MS // STEP_S
    codes = pyotp.TOTP(secret, interval=STEP_S)
    given, found = code.encode("utf-8", "surrogatepass"), None
    for step in range(newest - STEPS_BACK, newest + STEPS_AHEAD + 1):
        if hmac.compare_digest(codes.generate_otp(step).encode(), given):
            found = step
    return found


# --- passkeys ---------------------------------------------------------------------------------------------------------


class Site(msgspec.Struct, frozen=True):
    """To whom passkeys are bound: the console's own name, as the browser shows it."""

    host: str
    origin: str
    title: str


class NewPasskey(msgspec.Struct, frozen=True):
    """A passkey that was made for us."""

    credential: bytes
    public_key: bytes
    uses: int


def passkey_wish(site: Site, handle: bytes, id_: str, name: str, challenge: bytes) -> dict[str, Any]:
    """What the browser is asked to make: a passkey that finds its account by itself, and asks for finger or PIN."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.title,
        user_id=handle,
        user_name=id_,
        user_display_name=name,
        challenge=challenge,
        timeout=limits.LOGIN_PENDING_S * SECOND_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return dict(json.loads(options_to_json(options)))


def passkey_made(site: Site, challenge: bytes, credential: dict[str, Any]) -> NewPasskey | Refusal:
    """The passkey that the browser made, if it is what was asked for."""
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        return _no(error)
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def passkey_call(site: Site, challenge: bytes) -> dict[str, Any]:
    """What the browser is asked to sign; any passkey of this site may answer."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=limits.LOGIN_PENDING_S * SECOND_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(options_to_json(options)))


def credential_of(credential: dict[str, Any]) -> bytes | None:
    """Which passkey answers; None where the answer is none."""
    try:
        return base64url_to_bytes(str(credential["id"]))
    except (KeyError, ValueError, TypeError):
        return None


def passkey_answer(
    site: Site, challenge: bytes, credential: dict[str, Any], public_key: bytes, uses: int
) -> int | Refusal:
    """The passkey's count of uses after it has signed our challenge."""
    try:
        answer = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        return _no(error)
    return answer.new_sign_count


def _no(error: Exception) -> Refusal:
    return Refusal(Reason.NOT_ALLOWED, "passkey", f"is not taken: {str(error)[:200]}")
