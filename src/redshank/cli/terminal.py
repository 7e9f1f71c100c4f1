"""Terminal: words that somebody else wrote, made harmless before they are printed."""

from rich.markup import escape


def printable(text: str) -> str:
    """No control, direction or invisible character as itself: a path or a name may hold what clears a screen."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def shown(text: str) -> str:
    """That, and nothing that rich would take for markup."""
    return escape(printable(text))
