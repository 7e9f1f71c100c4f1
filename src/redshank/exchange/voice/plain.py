"""Plain: what a form says, as lines of words for paper and terminal, in one language.

Here: the head of the message, and which lines there are. Not here: the page, the sentences (`wording`). May know:
wording, terms. Numbers of incidents, channels and logs are the same in each language: both officers read them aloud.
"""

from typing import Any

import msgspec

from redshank.exchange.voice.layout import Heard
from redshank.wording.wording import Wording

Line = tuple[str, str]


def plain_lines(heard: Heard, words: Wording) -> list[Line]:
    """Pairs of (what, value), header first; what is not spoken last."""
    message = heard.message
    year = str(message.year)
    log = words.say("paper-log", year=year, generation=str(message.generation)) if message.generation else year
    kind, serial = words.word("type", message.type.value), str(message.serial)
    of_log = words.say("paper-of-log", type=kind, serial=serial, sender=message.sender, log=log)
    lines = [
        (words.say("paper-message"), of_log),
        (words.say("paper-channel"), str(message.channel)),
        (words.say("paper-stated"), words.time(message.stated_ms)),
    ]
    if message.observed_ms is not None:
        lines.append((words.say("paper-observed"), words.time(message.observed_ms)))
    if message.incident is not None:
        lines.append((words.say("paper-incident"), str(message.incident)))
    if message.in_reply_to is not None:
        replied = words.say("paper-replied-serial", serial=str(message.in_reply_to))
        lines.append((words.say("paper-in-reply-to"), replied))
    body: dict[str, Any] = msgspec.to_builtins(message.body)
    for number, sentence in enumerate(words.sentences(message.type.value, body)):
        lines.append((words.say("paper-says") if number == 0 else "", sentence))
    if heard.unspoken:
        lines.append((words.say("paper-not-spoken"), ", ".join(_unspoken(what, words) for what in heard.unspoken)))
    return lines


def _unspoken(what: str, words: Wording) -> str:
    """``districts 3`` in words: a name and, after it, a number."""
    name, _, count = what.partition(" ")
    return f"{words.word('paper-unspoken', name)} {count}".strip()
