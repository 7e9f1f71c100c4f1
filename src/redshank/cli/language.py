"""The option `--language` of the commands that say what messages mean."""

from typing import Annotated

import typer


def _named(language: str | None) -> str | None:
    """One of the languages that there are. Ends the program with 2 and a sentence for another."""
    from redshank.wording.wording import LANGUAGES

    if language is not None and language not in LANGUAGES:
        typer.echo(f"--language: {language!r} is none of {', '.join(LANGUAGES)}", err=True)
        raise typer.Exit(2)
    return language


_OPTION = typer.Option(help="Say what messages mean in lt, lv, et, pl, be, ru or en.", callback=_named)
Language = Annotated[str, _OPTION]
LanguageIfAny = Annotated[str | None, _OPTION]
