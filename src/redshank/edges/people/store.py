"""Store of people: accounts, their keys and hashes, one-time links, sessions, and the register of acts, in one file.

Here: keeping and looking up; every change is durable (WAL, synchronous=FULL) before it is told. Not here: judging a
password, a code or a passkey (`factors`, `doors`). May know: layout, durable_file, terms. Tokens are kept as keyed
hashes: who reads the file can log in as nobody, and a token of another node is none here.
"""

import contextlib
import hashlib
import hmac
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final

from redshank.edges.durable_file import make_folder, sync_folder
from redshank.edges.people.layout import LAYOUT, SCHEMA, Act, Kind, Person
from redshank.edges.store import ADVICE
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role

PEOPLE_FILE: Final = "people.sqlite"
PERSON_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
HAND_BYTES: Final = 16
_PERSON = (
    "SELECT id, name, roles, kind, disabled, (SELECT COUNT(*) FROM passkey WHERE person = person.id), "
    "password IS NOT NULL AND totp IS NOT NULL, subject FROM person"
)
_BUSY_S = 5.0
_WAL_PAGES = 64  # 256 kB: a small file has a small log


class PeopleFailed(Exception):
    """The file of people can not be opened, read or written; the text says what to do."""


class PeopleDamaged(PeopleFailed):
    """It is not what was written, or it is of another node."""


class PeopleStore:
    """One node's people. May be used from several threads and beside other processes (the command line)."""

    def __init__(self, path: Path, party: PartyId) -> None:
        """Opens or makes it. Raises PeopleFailed, also for the file of another party's node."""
        self.path = path
        self.on_failure: Callable[[PeopleFailed], object] | None = None
        """Told of a disk that does not take what was to be kept; in the thread that wrote."""
        self._lock = threading.RLock()
        try:
            make_folder(path.parent)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_S)
            self._open(party)
            sync_folder(path.parent)
        except (sqlite3.Error, OSError) as error:
            raise self._failure("opened", error) from error

    def _open(self, party: PartyId) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        with self._change():
            (layout,) = self._db.execute("PRAGMA user_version").fetchone()
            if layout == 0:
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
                mine = [("party", party.encode()), ("secret", secrets.token_bytes(32))]
                self._db.executemany("INSERT INTO meta VALUES (?, ?)", mine)
                self._db.execute(f"PRAGMA user_version = {LAYOUT}")
            elif layout != LAYOUT:
                raise PeopleDamaged(f"{self.path}: its layout is {layout}, this version of Redshank writes {LAYOUT}")
        (sound,) = self._db.execute("PRAGMA quick_check").fetchone()
        if sound != "ok":
            raise PeopleDamaged(
                f"{self.path} is damaged: {sound}. Copy it away and enrol anew (redshank people --help)"
            )
        meta = dict(self._db.execute("SELECT name, value FROM meta").fetchall())
        if meta.get("party") != party.encode():
            raise PeopleDamaged(f"{self.path}: holds the people of another node, not of {party}")
        self._secret: bytes = meta["secret"]

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    # -- persons -------------------------------------------------------------------------------------------------------

    def person(self, id_: str) -> Person | None:
        """By what the person types."""
        return next(self._persons("WHERE id = ?", id_), None)

    def people(self) -> list[Person]:
        """All accounts, by id."""
        return list(self._persons("ORDER BY id"))

    def of_subject(self, subject: str) -> Person | None:
        """By who it is at the national login."""
        return next(self._persons("WHERE subject = ?", subject), None)

    def _persons(self, where: str, *values: str) -> Iterator[Person]:
        for id_, name, roles, kind, disabled, passkeys, has_password, subject in self._rows(
            f"{_PERSON} {where}", values
        ):
            yield Person(
                id=id_,
                name=name,
                roles=tuple(Role(one) for one in roles.split()),
                kind=Kind(kind),
                disabled=bool(disabled),
                passkeys=passkeys,
                has_password=bool(has_password),
                subject=subject,
            )

    def add(
        self,
        id_: str,
        name: str,
        roles: Collection[Role],
        now: Instant,
        kind: Kind = Kind.PERSON,
        subject: str | None = None,
    ) -> Refusal | None:
        """A new account, which opens with nothing yet. Refuses an id that is taken or is none."""
        if not PERSON_ID.fullmatch(id_):
            return Refusal(
                Reason.MALFORMED, "id", "an id has 1 to 32 small letters, digits, dots, hyphens or underscores"
            )
        if not name or len(name) > limits.PERSON_NAME_CHARS or not name.isprintable():
            return Refusal(Reason.MALFORMED, "name", f"a name has 1 to {limits.PERSON_NAME_CHARS} printable characters")
        with self._change():
            if self.person(id_) is not None:
                return Refusal(Reason.NOT_ALLOWED, "id", f"{id_} is taken")
            row = (id_, name, " ".join(sorted(roles)), kind, 0, subject, now)
            self._db.execute(
                "INSERT INTO person (id, name, roles, kind, disabled, subject, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return None

    def set_roles(self, id_: str, roles: Collection[Role]) -> Refusal | None:
        """From the next request on. The last administrator can not be taken away."""
        with self._change():
            no = self._may_change(id_, Role.ADMINISTRATOR in roles)
            if no is None:
                row = (" ".join(sorted(roles)), id_)
                self._db.execute("UPDATE person SET roles = ? WHERE id = ?", row)
            return no

    def disable(self, id_: str) -> Refusal | None:
        """Ends the account and all its sessions; its acts stay."""
        with self._change():
            no = self._may_change(id_, False)
            if no is None:
                self._db.execute("UPDATE person SET disabled = 1 WHERE id = ?", (id_,))
                self._close_doors(id_)
            return no

    def enable(self, id_: str) -> Refusal | None:
        """Opens it again."""
        with self._change():
            no = self._may_change(id_, True)
            if no is None:
                self._db.execute("UPDATE person SET disabled = 0 WHERE id = ?", (id_,))
            return no

    def reset(self, id_: str) -> Refusal | None:
        """Takes passkeys, password and code away, and ends all sessions: the person enrols anew."""
        with self._change():
            if self.person(id_) is None:
                return _nobody(id_)
            self._db.execute("DELETE FROM passkey WHERE person = ?", (id_,))
            self._db.execute(
                "UPDATE person SET password = NULL, totp = NULL, totp_step = 0, failures = 0, barred_until = 0 "
                "WHERE id = ?",
                (id_,),
            )
            self._close_doors(id_)
        return None

    def _may_change(self, id_: str, stays_administrator: bool) -> Refusal | None:
        person = self.person(id_)
        if person is None:
            return _nobody(id_)
        others = [
            one for one in self.people() if one.id != id_ and Role.ADMINISTRATOR in one.roles and not one.disabled
        ]
        if Role.ADMINISTRATOR in person.roles and not stays_administrator and not others:
            return Refusal(Reason.NOT_ALLOWED, "roles", f"{id_} is the last administrator")
        return None

    def _close_doors(self, id_: str) -> None:
        self._db.execute("DELETE FROM session WHERE person = ?", (id_,))
        self._db.execute("DELETE FROM link WHERE person = ?", (id_,))

    def hand(self, id_: str) -> bytes:
        """What the journal may know of a person: the same for all its acts, and nothing without this file."""
        return hmac.digest(self._secret, b"hand " + id_.encode(), hashlib.sha256)[:HAND_BYTES]

    # -- one-time links and sessions -----------------------------------------------------------------------------------

    def new_link(self, id_: str, now: Instant) -> str:
        """A secret that opens one enrolment (or, of an exercise's account, one session); older ones end."""
        token = secrets.token_urlsafe(32)
        with self._change():
            self._db.execute("DELETE FROM link WHERE person = ? OR ends_at < ?", (id_, now))
            row = (self._hash("link", token), id_, now + limits.PERSON_LINK_S * SECOND_MS)
            self._db.execute("INSERT INTO link VALUES (?, ?, ?)", row)
        return token

    def link_waits(self, token: str, now: Instant) -> bool:
        """Whether a link has not been used and has not ended."""
        return self.of_link(token, now) is not None

    def of_link(self, token: str, now: Instant) -> Person | None:
        """Whose link it is; the link stays."""
        found = self._one("SELECT person FROM link WHERE hash = ? AND ends_at >= ?", self._hash("link", token), now)
        person = None if found is None else self.person(found[0])
        return None if person is None or person.disabled else person

    def use_link(self, token: str, now: Instant) -> Person | None:
        """Whose link it was: of two who use it at once, one gets it."""
        with self._change():
            person = self.of_link(token, now)
            if person is not None:
                self._db.execute("DELETE FROM link WHERE hash = ?", (self._hash("link", token),))
            return person

    def begin_session(self, id_: str, now: Instant) -> str:
        """A token for the browser. The oldest sessions of the person end when there are too many."""
        token = secrets.token_urlsafe(32)
        with self._change():
            self._db.execute("DELETE FROM session WHERE ends_at < ?", (now,))
            self._db.execute(
                "DELETE FROM session WHERE hash IN "
                "(SELECT hash FROM session WHERE person = ? ORDER BY begun_at DESC LIMIT -1 OFFSET ?)",
                (id_, limits.PERSON_SESSIONS - 1),
            )
            row = (self._hash("session", token), id_, now, now, now + limits.SESSION_S * SECOND_MS)
            self._db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?)", row)
        return token

    def of_session(self, token: str, now: Instant) -> tuple[Person, Instant] | None:
        """Whose session it is, and when it ends; it ends earlier when nobody has used it for SESSION_IDLE_S."""
        hashed = self._hash("session", token)
        found = self._one("SELECT person, seen_at, ends_at FROM session WHERE hash = ?", hashed)
        if found is None or now > found[2] or now - found[1] > limits.SESSION_IDLE_S * SECOND_MS:
            return None
        if now - found[1] > limits.SESSION_SEEN_S * SECOND_MS:
            with self._change():
                self._db.execute("UPDATE session SET seen_at = ? WHERE hash = ?", (now, hashed))
        person = self.person(found[0])
        return None if person is None or person.disabled else (person, Instant(found[2]))

    def end_session(self, token: str) -> None:
        """Logs out."""
        with self._change():
            self._db.execute("DELETE FROM session WHERE hash = ?", (self._hash("session", token),))

    def _hash(self, what: str, token: str) -> bytes:
        return hmac.digest(self._secret, f"{what} {token}".encode("utf-8", "surrogatepass"), hashlib.sha256)

    # -- factors -------------------------------------------------------------------------------------------------------

    def set_password(self, id_: str, hashed: str, totp: str, step: int) -> None:
        """Password (as its hash) and the secret of the code, together; `step` of the code that was just used."""
        with self._change():
            row = (hashed, totp, step, id_)
            self._db.execute("UPDATE person SET password = ?, totp = ?, totp_step = ? WHERE id = ?", row)

    def password_of(self, id_: str) -> tuple[str, str, int] | None:
        """(hash, secret of the code, newest step used); None where there are none."""
        found = self._one("SELECT password, totp, totp_step FROM person WHERE id = ? AND NOT disabled", id_)
        return None if found is None or found[0] is None or found[1] is None else (found[0], found[1], found[2])

    def use_step(self, id_: str, step: int) -> bool:
        """Whether the code's step was new; it never counts again (RFC 6238 section 5.2)."""
        with self._change():
            done = self._db.execute("UPDATE person SET totp_step = ? WHERE id = ? AND totp_step < ?", (step, id_, step))
            return done.rowcount == 1

    def add_passkey(self, id_: str, credential: bytes, public_key: bytes, uses: int, now: Instant) -> bool:
        """False when that key is known already."""
        with self._change():
            row = (credential, id_, public_key, uses, now)
            done = self._db.execute("INSERT INTO passkey VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
            return done.rowcount == 1

    def passkey(self, credential: bytes) -> tuple[Person, bytes, int] | None:
        """(whose, public key, count of its last use) of a passkey of an open account."""
        found = self._one("SELECT person, public_key, uses FROM passkey WHERE id = ?", credential)
        person = None if found is None else self.person(found[0])
        return None if found is None or person is None or person.disabled else (person, found[1], found[2])

    def note_use(self, credential: bytes, uses: int) -> None:
        """The passkey's own count, which must grow where it has one."""
        with self._change():
            self._db.execute("UPDATE passkey SET uses = ? WHERE id = ?", (uses, credential))

    # -- attempts ------------------------------------------------------------------------------------------------------

    def barred_until(self, id_: str) -> Instant:
        """Until when no password of this account is looked at."""
        found = self._one("SELECT barred_until FROM person WHERE id = ?", id_)
        return Instant(0 if found is None else found[0])

    def note_failure(self, id_: str, now: Instant) -> None:
        """After LOGIN_FAILURES wrong attempts each further one doubles the wait, up to LOGIN_BARRED_MAX_S."""
        with self._change():
            found = self._one("SELECT failures FROM person WHERE id = ?", id_)
            failures = 0 if found is None else found[0] + 1
            beyond = failures - limits.LOGIN_FAILURES
            wait_s = 0 if beyond < 0 else min(limits.LOGIN_BARRED_S << min(beyond, 16), limits.LOGIN_BARRED_MAX_S)
            row = (failures, now + wait_s * SECOND_MS, id_)
            self._db.execute("UPDATE person SET failures = ?, barred_until = ? WHERE id = ?", row)

    def note_success(self, id_: str) -> None:
        """Counting begins anew."""
        with self._change():
            self._db.execute("UPDATE person SET failures = 0, barred_until = 0 WHERE id = ?", (id_,))

    # -- register of acts ----------------------------------------------------------------------------------------------

    def begin_act(self, person: Person, role: str, act: str, about: str, now: Instant) -> int:
        """Its number, durable before the node is asked: so there is no act in the journal whose number says nothing."""
        with self._change():
            row = (now, person.id, person.name, role, act, about)
            done = self._db.execute(
                "INSERT INTO act (at, person, name, role, act, about) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            return int(done.lastrowid or 0)

    def end_act(self, number: int, outcome: str) -> None:
        """What the node said."""
        with self._change():
            self._db.execute("UPDATE act SET outcome = ? WHERE number = ?", (outcome, number))

    def acts(self, since: Instant, until: Instant) -> list[Act]:
        """Who asked for what from `since` until before `until`, oldest first."""
        query = (
            "SELECT number, at, person, name, role, act, about, outcome FROM act "
            "WHERE at >= ? AND at < ? ORDER BY number"
        )
        return [Act(**dict(zip(Act.__struct_fields__, row, strict=True))) for row in self._rows(query, (since, until))]

    # -- the file ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        """One transaction, durable at its end; within one that runs already, a part of it."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                failure = self._failure("written", error)
                if self.on_failure is not None and error.sqlite_errorcode not in (
                    sqlite3.SQLITE_BUSY,
                    sqlite3.SQLITE_LOCKED,
                ):
                    self.on_failure(failure)
                raise failure from error

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise self._failure("read", error) from error

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        return next(iter(self._rows(query, values)), None)

    def _failure(self, done: str, error: sqlite3.Error | OSError) -> PeopleFailed:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return PeopleDamaged(
                f"the file of people {self.path} is damaged: {error}. Copy it away before anything else"
            )
        return PeopleFailed(f"the file of people {self.path} cannot be {done}: {error} ({name}). {ADVICE}")


def _nobody(id_: str) -> Refusal:
    return Refusal(Reason.UNKNOWN_MESSAGE, "id", f"no account {id_[:40]}")
