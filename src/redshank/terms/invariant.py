"""The third kind of wrong: *broken*. The node stops; nobody catches this but the process's last handler."""


class InvariantBroken(Exception):
    """Our own reasoning was wrong; going on would make the record a lie."""


def require(holds: bool, law: str) -> None:
    """Raises InvariantBroken with the law's words when it does not hold. Never used to check outside data."""
    if not holds:
        raise InvariantBroken(law)
