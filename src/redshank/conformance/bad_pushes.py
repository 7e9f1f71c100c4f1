"""Bad pushes: one table of what a receiver must refuse, and by which status and code.

Here: how each is made from a proper push. Not here: delivering them (cases_push).
"""

import hashlib
from collections.abc import Callable

from redshank.conformance.case import NotApplicable
from redshank.conformance.exam import Exam
from redshank.conformance.forged import cofactored, with_larger_s
from redshank.conformance.keys import log_origin
from redshank.conformance.wire import LOG, Breach, Head, Mark, bundle, head_over, push

Bad = Callable[[Exam], bytes]


def _framed(exam: Exam, change: Callable[[bytes], bytes]) -> bytes:
    """A proper push with its text changed, its length told as it is then."""
    entries = [exam.partner.test()]
    text = change(b"old %d\n\n" % len(exam.partner.own) + exam.partner.note(exam.partner.head(entries)))
    return b"redshank-delivery/1 %d\n" % len(text) + text + bundle(entries)


def _noted(exam: Exam, change: Callable[[bytes], bytes]) -> bytes:
    """A proper push with its signed head changed."""
    entries = [exam.partner.test()]
    return push(len(exam.partner.own), change(exam.partner.note(exam.partner.head(entries))), entries)


def _signed(exam: Exam, change: Callable[[Head], bytes]) -> bytes:
    """A push whose head has another text, properly signed in Ed25519 and, where its text is a head, in ML-DSA."""
    entries = [exam.partner.test()]
    text = change(exam.partner.head(entries))
    marks = []
    for secret in exam.partner.log_secrets:
        try:
            marks.append(secret.mark(text, exam.partner.now_ms() // 1000))
        except Breach:  # what ML-DSA signs is a head; this text is none
            marks.append(Mark(secret.key.name, secret.key.id, bytes(2_428)))
    return push(len(exam.partner.own), text + b"\n" + b"".join(mark.line for mark in marks), entries)


def headed(exam: Exam, head: Head, old: int, entries: list[bytes]) -> bytes:
    """A push of these entries under any head, properly signed."""
    return push(old, exam.partner.note(head), entries)


def _renamed(exam: Exam, origin: str) -> bytes:
    """A push for another log: its name in the head, signed by the sandbox's key under its own name."""
    entries = [exam.partner.test()]
    return headed(exam, head_over(origin, [*exam.partner.own.entries, *entries]), len(exam.partner.own), entries)


def marked(exam: Exam, change: Callable[[Mark], tuple[Mark, ...]]) -> bytes:
    """A proper push with its Ed25519 signature line changed or repeated."""
    partner, entries = exam.partner, [exam.partner.test()]
    head = partner.head(entries)
    lines = list[Mark]()
    for secret in partner.log_secrets:
        mark = secret.mark(head.text, partner.now_ms() // 1000)
        lines += change(mark) if secret.key.kind == LOG else (mark,)
    return push(len(partner.own), head.text + b"\n" + b"".join(mark.line for mark in lines), entries)


def flipped(mark: Mark) -> Mark:
    return Mark(mark.name, mark.key_id, mark.blob[:-1] + bytes([mark.blob[-1] ^ 1]))


def _stray_bits(note: bytes) -> bytes:
    """The last character before the padding of the last line gets bits that decode to nothing (an Ed25519 line ends
    in one sign of padding, and the two lowest bits of the character before it are such)."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = note.rindex(b"=")
    while note[at - 1] == 0x3D:
        at -= 1
    return note[: at - 1] + bytes([alphabet[alphabet.index(note[at - 1]) ^ 1]]) + note[at:]


def _rewritten(exam: Exam) -> bytes:
    """The log goes on, but an entry that was receipted has become another one."""
    partner = exam.partner
    whole = [partner.entry("TEST", {"number": 999}, -len(partner.own)), *partner.own.entries[1:], partner.test()]
    return headed(exam, head_over(partner.origin, whole), len(partner.own), whole[-1:])


def _forked(exam: Exam) -> bytes:
    partner = exam.partner
    whole = [*partner.own.entries[:-1], partner.entry("TEST", {"number": 999}, -1)]
    return headed(exam, head_over(partner.origin, whole), len(whole) - 1, whole[-1:])


def stranger(exam: Exam, mark: Mark, blob: int = 64) -> Mark:
    return Mark("example.org/somebody", hashlib.sha256(mark.key_id).digest()[:4], bytes(blob))


def _many_entries(exam: Exam, count: int, size: int) -> bytes:
    entries = [b"x" * size for _ in range(count)]
    return push(len(exam.partner.own), exam.partner.note(exam.partner.head(entries)), entries)


def _unsigned(exam: Exam) -> bytes:
    """A head that only strangers have signed."""
    entries = [exam.partner.test()]
    text = exam.partner.head(entries).text
    line = stranger(exam, exam.partner.log_secrets[0].mark(text, 1)).line
    return push(len(exam.partner.own), text + b"\n" + line, entries)


def _hybrid(exam: Exam, change: Callable[[Mark, Mark], tuple[Mark, ...]]) -> bytes:
    """A proper push with its two signature lines, Ed25519 and ML-DSA-44, changed. Raises NotApplicable."""
    partner, entries = exam.partner, [exam.partner.test()]
    if len(partner.log_secrets) != 2:
        raise NotApplicable("the node's public keys name no ML-DSA-44 keys")
    head = partner.head(entries)
    classic, second = (secret.mark(head.text, partner.now_ms() // 1000) for secret in partner.log_secrets)
    lines = b"".join(mark.line for mark in change(classic, second))
    return push(len(partner.own), head.text + b"\n" + lines, entries)


def _a_second_later(mark: Mark) -> Mark:
    """The signed time is another than the one that is told."""
    at_s = int.from_bytes(mark.blob[:8], "big") + 1
    return Mark(mark.name, mark.key_id, at_s.to_bytes(8, "big") + mark.blob[8:])


TRUNCATED, MALFORMED, NOTE = (400, "truncated"), (400, "malformed"), (400, "bad-note")
SIGNATURE, HYBRID, LARGE = (403, "bad-signature"), (403, "not-hybrid"), (413, "too-large")

BAD: tuple[tuple[tuple[str, ...], str, Bad, tuple[int, str]], ...] = (
    (
        ("DEL-1",),
        "another magic",
        lambda e: b"redshank-delivery/2" + e.partner.push([e.partner.test()])[19:],
        MALFORMED,
    ),
    (("DEL-1",), "no bytes at all", lambda e: b"", MALFORMED),
    (
        ("DEL-1",),
        "a length with a leading zero",
        lambda e: e.partner.push([e.partner.test()]).replace(b"/1 ", b"/1 0", 1),
        MALFORMED,
    ),
    (
        ("DEL-1",),
        "a text that does not begin with `old`",
        lambda e: _framed(e, lambda t: t.replace(b"old ", b"new ", 1)),
        MALFORMED,
    ),
    (
        ("DEL-1",),
        "an old size with a leading zero",
        lambda e: _framed(e, lambda t: t.replace(b"old ", b"old 0", 1)),
        MALFORMED,
    ),
    (("DEL-1",), "a text that ends before its length", lambda e: e.partner.push([e.partner.test()])[:120], TRUNCATED),
    (
        ("DEL-1", "LOG-7"),
        "a bundle that ends in the middle of an entry",
        lambda e: e.partner.push([e.partner.test()])[:-1],
        TRUNCATED,
    ),
    (
        ("DEL-1", "LOG-7"),
        "a bundle that ends in the middle of a length",
        lambda e: e.partner.push([e.partner.test()]) + b"\0",
        TRUNCATED,
    ),
    (("DEL-2",), "257 entries", lambda e: _many_entries(e, 257, 40), LARGE),
    (
        ("DEL-2",),
        "a push of 2,097,153 bytes",
        lambda e: e.partner.push([e.partner.test()]).ljust(2_097_153, b"\0"),
        LARGE,
    ),
    (
        ("DEL-2",),
        "a text of more bytes than a note may have",
        lambda e: _framed(e, lambda t: t + b"x" * e.partner.note_limit + b"\n"),
        LARGE,
    ),
    (("LOG-7", "MSG-2"), "an entry of 4,097 bytes", lambda e: _many_entries(e, 1, 4_097), LARGE),
    (("LOG-7",), "an entry of no bytes", lambda e: _many_entries(e, 1, 0), LARGE),
    (
        ("LOG-1",),
        "the name of a log in operation, without the sandbox's prefix",
        lambda e: _renamed(e, e.partner.origin.removeprefix(e.sandbox.prefix)),
        (404, "wrong-origin"),
    ),
    (
        ("LOG-1",),
        "the name of another channel's log",
        lambda e: _renamed(e, log_origin(e.sandbox.prefix, "BY-LT", e.partner.me, e.sandbox.year)),
        (404, "wrong-origin"),
    ),
    (
        ("LOG-1", "LOG-13"),
        "the name of next year's log",
        lambda e: _renamed(e, log_origin(e.sandbox.prefix, e.partner.channel, e.partner.me, e.sandbox.year + 1)),
        (404, "wrong-origin"),
    ),
    (
        ("LOG-18", "LOG-21", "DEL-14"),
        "the name of the log that would follow, which no ceremony has opened",
        lambda e: _renamed(e, f"{e.partner.origin}/1"),
        (403, "not-agreed"),
    ),
    (
        ("LOG-18",),
        "the name of a log far beyond, which can not follow",
        lambda e: _renamed(e, f"{e.partner.origin}/7"),
        (404, "wrong-origin"),
    ),
    (
        ("LOG-1",),
        "the name of the node's own log",
        lambda e: _renamed(e, e.partner.their_origin),
        (404, "wrong-origin"),
    ),
    (("LOG-4", "LOG-3"), "a signature with one bit flipped", lambda e: marked(e, lambda m: (flipped(m),)), SIGNATURE),
    (
        ("LOG-3",),
        "a signature whose S is not below the group order",
        lambda e: marked(e, lambda m: (Mark(m.name, m.key_id, with_larger_s(m.blob)),)),
        SIGNATURE,
    ),
    (
        ("LOG-3",),
        "a signature that holds only when multiplied by the cofactor",
        lambda e: marked(
            e,
            lambda m: (
                Mark(
                    m.name,
                    m.key_id,
                    cofactored(e.partner.log_secrets[0].private, e.partner.head([e.partner.test()]).text),
                ),
            ),
        ),
        SIGNATURE,
    ),
    (("LOG-4",), "no signature of the sandbox's log", _unsigned, SIGNATURE),
    (
        ("LOG-4",),
        "a bad signature before a good one by the same key",
        lambda e: marked(e, lambda m: (flipped(m), m)),
        SIGNATURE,
    ),
    (
        ("LOG-2", "LOG-4"),
        "the witness's signature where the log's should stand",
        lambda e: push(
            len(e.partner.own),
            e.partner.note(e.partner.head([e.partner.test()]), e.partner.witness_secrets),
            [e.partner.test()],
        ),
        SIGNATURE,
    ),
    (("LOG-14",), "no ML-DSA-44 signature", lambda e: _hybrid(e, lambda c, m: (c,)), HYBRID),
    (("LOG-14",), "no Ed25519 signature", lambda e: _hybrid(e, lambda c, m: (m,)), HYBRID),
    (
        ("LOG-16", "LOG-14"),
        "an ML-DSA-44 signature with one bit flipped",
        lambda e: _hybrid(e, lambda c, m: (c, flipped(m))),
        SIGNATURE,
    ),
    (
        ("LOG-15",),
        "an ML-DSA-44 signature of another time than its line tells",
        lambda e: _hybrid(e, lambda c, m: (c, _a_second_later(m))),
        SIGNATURE,
    ),
    (("LOG-4",), "base64 with stray bits", lambda e: _noted(e, _stray_bits), NOTE),
    (("LOG-4",), "a carriage return in the note", lambda e: _noted(e, lambda n: n.replace(b"\n", b"\r\n", 1)), NOTE),
    (("LOG-4",), "a note that does not end in a newline", lambda e: _noted(e, lambda n: n[:-1]), NOTE),
    (("LOG-4",), "101 signatures", lambda e: marked(e, lambda m: (*[stranger(e, m)] * 100, m)), LARGE),
    (("LOG-5",), "an extension line in the head", lambda e: _signed(e, lambda h: h.text + b"more\n"), NOTE),
    (
        ("LOG-5",),
        "a size with a leading zero",
        lambda e: _signed(e, lambda h: h.text.replace(b"\n%d\n" % h.size, b"\n0%d\n" % h.size)),
        NOTE,
    ),
    (
        ("LOG-5",),
        "a size above 2^40",
        lambda e: _signed(e, lambda h: h.text.replace(b"\n%d\n" % h.size, b"\n%d\n" % ((1 << 40) + 1))),
        NOTE,
    ),
    (("LOG-5",), "a root of 31 bytes", lambda e: _signed(e, lambda h: Head(h.origin, h.size, h.root[:31]).text), NOTE),
    (
        ("LOG-5",),
        "an empty log whose root is not the hash of nothing",
        lambda e: _signed(e, lambda h: Head(h.origin, 0, h.root).text),
        NOTE,
    ),
    (("LOG-11", "LOG-12"), "another head of the size that the node holds", _forked, (422, "forked")),
    (("LOG-11", "LOG-6"), "a log whose first entry has become another one", _rewritten, (422, "bad-proof")),
    (
        ("LOG-11", "LOG-6"),
        "a root that is not that of the entries",
        lambda e: headed(
            e,
            Head(e.partner.origin, len(e.partner.own) + 1, hashlib.sha256(b"else").digest()),
            len(e.partner.own),
            [e.partner.test()],
        ),
        (422, "bad-proof"),
    ),
    (
        ("LOG-11", "LOG-6"),
        "the root of a tree whose leaves are hashed as nodes are",
        lambda e: headed(
            e,
            Head(
                e.partner.origin,
                len(e.partner.own) + 1,
                hashlib.sha256(b"\1" + e.partner.head().root + e.partner.test()).digest(),
            ),
            len(e.partner.own),
            [e.partner.test()],
        ),
        (422, "bad-proof"),
    ),
)
"""Clauses, what is wrong with the push, how it is made, and the answer: status and code."""
