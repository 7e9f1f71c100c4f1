"""Pushes: attacks by a delivery that is not the next one of the true log.

Here: one function for each; it says whether it could be made now. Each names the reasons of which the victim must give
one: more than one only where the true log may have gone on before the attack arrives.
"""

from redshank.exchange.delivery import encode_delivery
from redshank.exchange.envelope import encode_message
from redshank.exercise.simulation.byzantine.mouth import Mouth
from redshank.log.note import log_requests, signed_note
from redshank.log.tree_head import Checkpoint
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import Message, MessageType, TestBody
from redshank.terms.refusal import Reason

FORGED_FIRST = "forged log first"
LEFT_BEHIND = (Reason.SHRUNKEN, Reason.FORKED)
"""What an attack on the size n becomes when the victim holds more than n by the time that it arrives."""


def another_entry(mouth: Mouth, serial: int) -> bytes:
    """A message in its proper place that the true log does not hold."""
    number = int(mouth.rng.integers(1_000_000, 2_000_000))
    session = mouth.session
    said = Message(
        type=MessageType.TEST,
        channel=mouth.channel,
        sender=session.me,
        year=session.year,
        serial=serial,
        stated_ms=mouth.now,
        body=TestBody(number=number),
    )
    return encode_message(said)


def two_heads_of_one_size(mouth: Mouth) -> bool:
    """A second log of the size that the victim holds, with another last entry."""
    size = mouth.held
    if size < 1:
        return False
    forged = [*mouth.entries(size - 1), another_entry(mouth, size - 1)]
    mouth.push("two heads of one size", size - 1, mouth.head(forged), forged[-1:], Reason.FORKED, Reason.SHRUNKEN)
    return True


def shrunken_log(mouth: Mouth) -> bool:
    """A head smaller than what the victim holds, of another history."""
    size = mouth.held
    if size < 2:
        return False
    less = int(mouth.rng.integers(1, size))
    forged = [*mouth.entries(less - 1), another_entry(mouth, less - 1)]
    mouth.push("shrunken log", less - 1, mouth.head(forged), forged[-1:], *LEFT_BEHIND)
    return True


def rewritten_entry(mouth: Mouth) -> bool:
    """A log that goes on, but in which an entry that the victim holds has another content."""
    size = mouth.held
    if size < 1:
        return False
    forged = mouth.entries(size)
    at = int(mouth.rng.integers(size))
    forged[at] = another_entry(mouth, at)
    forged.append(another_entry(mouth, size))
    mouth.push("rewritten entry", size, mouth.head(forged), forged[-1:], Reason.BAD_PROOF, *LEFT_BEHIND)
    return True


def gap(mouth: Mouth) -> bool:
    """Delivers what comes after an entry that is held back."""
    size = mouth.held
    forged = [*mouth.entries(size), another_entry(mouth, size), another_entry(mouth, size + 1)]
    mouth.push("gap", size + 1, mouth.head(forged), forged[-1:], Reason.WRONG_SIZE, *LEFT_BEHIND)
    return True


def missing_entry(mouth: Mouth) -> bool:
    """Signs two more entries and delivers one."""
    size = mouth.held
    forged = [*mouth.entries(size), another_entry(mouth, size), another_entry(mouth, size + 1)]
    mouth.push("missing entry", size, mouth.head(forged), forged[-1:], Reason.WRONG_SIZE, *LEFT_BEHIND)
    return True


def replay(mouth: Mouth) -> bool:
    """A head of the true log that the victim remembers, as it was signed, again. The newest one gets its receipt
    again. One that it has never seen would only come late (LOG-11)."""
    heads = mouth.evil.disk.heads(mouth.session.own.key.name)
    theirs = mouth.victim.state.session(mouth.channel).theirs
    seen = {head.size for head in theirs.earlier} | {mouth.held}
    sizes = [size for size in sorted(heads) if size in seen]
    if not sizes:
        return False
    size = sizes[int(mouth.rng.integers(len(sizes)))]
    entries = mouth.entries(size)[-1:]
    body = encode_delivery(size - 1, heads[size], entries)
    newest = size == mouth.held
    mouth.push_bytes("replay of the newest head" if newest else "replay", body, *(() if newest else (Reason.REPLAYED,)))
    return True


def foreign_log(mouth: Mouth) -> bool:
    """A head of another channel's log, signed with the same hand."""
    size = mouth.held
    forged = [*mouth.entries(size), another_entry(mouth, size)]
    origin = mouth.session.own.key.name.replace(mouth.channel, "EE-PL")
    mouth.push("foreign log", size, mouth.head(forged, origin), forged[-1:], Reason.WRONG_ORIGIN)
    return True


def head_of_one_key(mouth: Mouth) -> bool:
    """A head with the Ed25519 signature alone: a downgrade."""
    session, size = mouth.session, mouth.held
    forged = [*mouth.entries(size), another_entry(mouth, size)]
    text = mouth.head(forged).rpartition(b"\n\n")[0] + b"\n"
    classic, _ = log_requests(text, session.keys.log, mouth.now // SECOND_MS)
    note = signed_note(text, [classic.signed(mouth.evil.keys.sign_with_log_key(classic.message))])
    mouth.push("head of one key", size, note, forged[-1:], Reason.NOT_HYBRID)
    return True


def forged_signature(mouth: Mouth) -> bool:
    """A head that nobody signed: the signatures are those of another text."""
    size = mouth.held
    forged = [*mouth.entries(size), another_entry(mouth, size)]
    _, _, lines = mouth.head(forged).rpartition(b"\n\n")
    other = Checkpoint(mouth.session.own.key.name, size + 1, bytes(32)).text
    mouth.push("forged signature", size, other + b"\n" + lines, forged[-1:], Reason.BAD_SIGNATURE)
    return True


def garbage(mouth: Mouth) -> bool:
    """Bytes that are no delivery."""
    body = mouth.rng.bytes(int(mouth.rng.integers(1, 2_000)))
    mouth.push_bytes("garbage", body, Reason.MALFORMED)
    return True


def truncated(mouth: Mouth) -> bool:
    """A delivery that ends in the middle of its text."""
    size = mouth.held
    whole = encode_delivery(size, mouth.head([*mouth.entries(size), b"x"]), [b"x"])
    mouth.push_bytes("truncated", whole[: int(mouth.rng.integers(40, 200))], Reason.TRUNCATED)
    return True


def giant_body(mouth: Mouth) -> bool:
    """More bytes than a delivery may have."""
    mouth.push_bytes("giant body", bytes(limits.DELIVERY_BYTES + 1), Reason.TOO_LARGE)
    return True


def giant_bundle(mouth: Mouth) -> bool:
    """More entries than a delivery may have."""
    entries = [b"x"] * (limits.DELIVERY_ENTRIES + 1)
    mouth.push("giant bundle", mouth.held, mouth.head(entries), entries, Reason.TOO_LARGE)
    return True


def forged_log_first(mouth: Mouth) -> bool:
    """While the true head is under way, another one of the same size: if it comes first, the channel is forked for
    good, by the victim's own right: it can not know which was meant."""
    own, size = mouth.session.own, mouth.held
    if own.signed_size <= size or own.signed_size - size > limits.DELIVERY_ENTRIES:
        return False
    forged = mouth.entries(own.signed_size)
    forged[-1] = another_entry(mouth, own.signed_size - 1)
    mouth.forgery = (own.signed_size - 1, forged[-1])
    mouth.push(FORGED_FIRST, size, mouth.head(forged), forged[size:], *LEFT_BEHIND)
    return True


PUSHES = (
    two_heads_of_one_size, shrunken_log, rewritten_entry, gap, missing_entry, replay, foreign_log, head_of_one_key,
    forged_signature, garbage, truncated, giant_body, giant_bundle,
)  # fmt: skip
"""Those that leave no fork: honest traffic on the same channel goes on after each."""
