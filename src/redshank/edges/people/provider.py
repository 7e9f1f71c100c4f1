"""Provider: a nation's own login, as a node's configuration names it. Not here: talking to it (`oidc`)."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from redshank.terms.roles import Role

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A nation's own login, as a node's configuration names it."""

    issuer: str
    client_id: str
    client_secret_file: str | None = None
    roles_claim: str = "roles"
    roles: dict[str, Role]
    """What the claim says, and which role of this node that is. What is not in it gives no role."""

    def fault(self) -> str | None:
        """What is wrong with it."""
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return f"issuer: {self.issuer} is no https address"
        return None if self.roles else "roles: names none, so nobody could act"
