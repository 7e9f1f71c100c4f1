"""`redshank voice`: a read-out on the terminal, a read-out keyed in, a read-out on paper. Needs no node and no
network: a partner who runs none can use it. What it has said and heard it keeps in a book (`voice_book`).

Imports of the rooms stand inside the functions, so that `redshank --help` answers at once.
"""

import sys
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from redshank.cli.language import Language

if TYPE_CHECKING:
    from redshank.exchange.voice import LiveCheck
    from redshank.exchange.voice.form import VoiceForm
    from redshank.terms.instants import Instant

app = typer.Typer(no_args_is_help=True, help="Messages by voice and on paper, when all lines are down.")

Source = Annotated[
    Path, typer.Argument(help="A record (zip or folder), or a file that holds one entry of a log.", exists=True)
]
Sender = Annotated[str | None, typer.Option(help="In a record: whose message, e.g. LT.")]
Serial = Annotated[int | None, typer.Option(help="In a record: which one.", min=0)]
Exercise = Annotated[bool, typer.Option("--exercise", help="An exercise's form. A record says so itself.")]

_LANGUAGE = ContextVar("language", default="en")

SIGNS = {"ok": "ok", "waiting": "..", "incomplete": "__", "wrong": "XX"}
KINDS = {
    "symbol": "one symbol was misheard in group {}",
    "order": "two symbols changed places in group {}",
    "swapped": "groups {} changed places",
    "row": "something is wrong in groups {}; say the row again",
    "exercise": "groups {} are of an exercise in operation, or of operation in an exercise",
}


@app.callback()
def voice(language: Language = "en") -> None:
    """Messages by voice and on paper, when all lines are down."""
    _LANGUAGE.set(language)


def language_asked() -> str:
    """The language of `redshank voice --language`, whichever of its commands runs."""
    return _LANGUAGE.get()


@app.command()
def read(source: Source, sender: Sender = None, serial: Serial = None, exercise: Exercise = False) -> None:
    """Show how a message is read out: its groups, their words, and what they say."""
    show_form(_form(source, sender, serial, exercise))


def show_form(form: "VoiceForm") -> None:
    """A read-out on the terminal."""
    from redshank.exchange.voice import spoken

    typer.echo(f"{form.opening.upper()}   ({form.seconds:.0f} s at 100 words a minute)\n")
    for place, group in enumerate(form.groups, start=1):
        row_ends = place % 8 == 0 or place == len(form.groups)
        typer.echo(f"{place:3}  {group}  {spoken(group)}{'   (check)' if row_ends else ''}")
        if row_ends:
            typer.echo()
    _say(form.heard)


@app.command(name="print")
def print_(
    source: Source,
    to: Annotated[Path, typer.Option(help="The PDF file to write.")],
    sender: Sender = None,
    serial: Serial = None,
    exercise: Exercise = False,
) -> None:
    """Write the printed form, one page of PDF, for fax or courier."""
    from redshank.edges.printed import printed_form

    to.write_bytes(printed_form(_form(source, sender, serial, exercise), language_asked()))
    typer.echo(f"{to} is written.")


@app.command()
def key(
    count: Annotated[
        int | None, typer.Option(help="How many groups the speaker announces; asked for if absent.", min=1, max=99)
    ] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="It is an exercise.")] = False,
) -> None:
    """Key in a read-out, group by group, with live checking. `3 ABCD` puts ABCD in place of group 3; `-` takes the last
    group away; an empty line ends it.

    Ends with 0 when the form is sound, with 1 when it is not.
    """
    from redshank.edges.clock import SystemClock

    keyed_in(count, exercise, None if exercise else SystemClock().now())


def keyed_in(count: int | None, exercise: bool, now: "Instant | None") -> tuple[str, ...]:
    """Groups from the keyboard until they are a sound form, which is shown; ends the program with 1 if not."""
    from redshank.exchange.voice import check_typed

    if count is None:
        count = typer.prompt("How many groups", type=int)
    typed: list[str] = []
    live = check_typed(typed, exercise, count, now)
    for line in _lines(sys.stdin):
        _edit(typed, line)
        live = check_typed(typed, exercise, count, now)
        _show(typed, live)
        if live.heard is not None:
            break
    if live.heard is None:
        typer.echo("The form is not whole." if live.refusal is None else f"Refused: {live.refusal}")
        raise typer.Exit(1)
    _say(live.heard)
    return tuple(typed)


def _lines(source: Iterable[str]) -> Iterable[str]:
    """Lines until an empty one."""
    typer.echo("Groups:", err=True)
    for line in source:
        if not line.strip():
            return
        yield line.strip()


def _edit(typed: list[str], line: str) -> None:
    from redshank.exchange.voice import split_groups

    words = split_groups(line) if line != "-" else []
    if not words:
        del typed[-1:]
    elif len(words) == 2 and words[0].isdigit() and 0 < int(words[0]) <= len(typed):
        typed[int(words[0]) - 1] = words[1]
    else:
        typed.extend(words)


def _show(typed: list[str], live: "LiveCheck") -> None:
    shown = [
        f"{place}:{group} {SIGNS[state.value]}"
        for place, (group, state) in enumerate(zip(typed, live.states, strict=True), start=1)
    ]
    for start in range(0, len(shown), 8):
        typer.echo("  ".join(shown[start : start + 8]))
    for fault in live.faults:
        places = (
            " and ".join(map(str, fault.groups))
            if len(fault.groups) < 3
            else f"{fault.groups[0]} to {fault.groups[-1]}"
        )
        typer.echo(f"  ASK AGAIN: {KINDS[fault.kind.value].format(places)}")


def _say(heard: object) -> None:
    from redshank.edges.wording import wording
    from redshank.exchange.voice import Heard
    from redshank.exchange.voice.plain import plain_lines

    if isinstance(heard, Heard):
        for what, value in plain_lines(heard, wording(language_asked())):
            typer.echo(f"{what:16}{value}")


def _form(source: Path, sender: str | None, serial: int | None, exercise: bool) -> "VoiceForm":
    """The form of one message. Ends the program with 2 and a sentence when there is none."""
    from redshank.exchange.voice import encode
    from redshank.terms.refusal import Refusal

    message, of_exercise = _message(source, sender, serial, exercise)
    form = message if isinstance(message, Refusal) else encode(message, of_exercise)
    if isinstance(form, Refusal):
        stop(f"{source}: has no voice form: {form}")
    return form


def _message(source: Path, sender: str | None, serial: int | None, exercise: bool):  # type: ignore[no-untyped-def]
    import zipfile

    from redshank.cli.record_files import RecordUnreadable, open_record
    from redshank.exchange.parties import EXERCISE_PREFIX
    from redshank.exchange.verifier import examine_record

    if source.is_file() and not zipfile.is_zipfile(source):
        return _entry(source.read_bytes()), exercise
    if sender is None or serial is None:
        stop("A record holds many messages: say which with --sender and --serial.")
    try:
        with open_record(source) as files:
            examined = examine_record(files)
            found = [line.content for line in examined.lines() if (line.sender, line.serial) == (sender, serial)]
    except (OSError, RecordUnreadable) as error:
        stop(f"{source}: cannot be read as a record: {error}")
    manifest = examined.report.manifest
    if not found or manifest is None:
        stop(f"{source}: holds no message {serial} of {sender}")
    return found[0], manifest.prefix == EXERCISE_PREFIX


def _entry(data: bytes):  # type: ignore[no-untyped-def]
    """An entry says itself where it stands."""
    import msgspec

    from redshank.exchange.envelope import Place, parse_entry

    try:
        place = msgspec.json.decode(data, type=Place)
    except msgspec.MsgspecError as error:
        stop(f"It is no entry of a log: {error}")
    return parse_entry(data, place, None)


def stop(text: str, code: int = 2) -> NoReturn:
    """Ends the program with a sentence."""
    typer.echo(text, err=True)
    raise typer.Exit(code)
