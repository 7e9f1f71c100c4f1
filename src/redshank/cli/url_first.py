"""`redshank qualify URL`: an address where a command could stand means the default command."""

from typing import Any

from typer.core import TyperGroup

DEFAULT = "run"


class UrlFirst(TyperGroup):
    """`redshank qualify URL` is `redshank qualify run URL`: who examines a node types its address and no more."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts the default command before an address."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
