"""Report words: what each message of a record says, as sentences of one language."""

from collections.abc import Iterator
from typing import Any

import msgspec

from redshank.exchange.verifier import Line
from redshank.terms.refusal import Refusal
from redshank.wording.wording import Wording


def told(line: Line, words: Wording) -> Iterator[str]:
    """A heading, and what the message says, a sentence each."""
    if isinstance(line.content, Refusal):
        reason = words.word("reason", line.content.reason.value)
        yield f"{line.sender} {line.serial}: {words.say('text-unreadable', reason=reason)}"
        return
    message = line.content
    kind, time = words.word("type", message.type.value), words.time(message.stated_ms)
    yield words.say("text-head", type=kind, serial=str(message.serial), sender=message.sender, time=time)
    if message.observed_ms is not None:
        yield "  " + words.say("text-observed", time=words.time(message.observed_ms))
    if message.in_reply_to is not None:
        yield "  " + words.say("text-in-reply-to", serial=str(message.in_reply_to))
    body: dict[str, Any] = msgspec.to_builtins(message.body)
    for sentence in words.sentences(message.type.value, body):
        yield f"  {sentence}"
    if message.text is not None:
        yield "  " + words.say("text-remark", remark=message.text)
