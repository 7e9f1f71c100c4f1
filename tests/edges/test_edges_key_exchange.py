"""Key exchange of a link: the strongest that both parties publish, and nothing else, whoever tries it."""

import asyncio
import contextlib
import ssl
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from curl_cffi import Curl, CurlError, CurlHttpVersion, CurlInfo, CurlOpt
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from tests.edges.peer_parties import BY, CLASSICAL_ONLY, DELIVERY, LT, LV, Desk, Limited, call, listening, make_party

from redshank.edges.keys import KeyExchange, KeySet, KeysFailed, PublicKeys
from redshank.edges.keys.public import agreed_exchange
from redshank.edges.keys.sealed import Seal
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import Callee, Caller, LinkRefused
from redshank.terms.ids import PartyId

HYBRID, CLASSICAL = KeyExchange.HYBRID, KeyExchange.CLASSICAL


@pytest.fixture(scope="module")
def lt(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(LT, tmp_path_factory.mktemp("lt"))


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(BY, tmp_path_factory.mktemp("by"))


@pytest.fixture(scope="module")
def lv(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    """A partner whose node cannot do the hybrid, and says so."""
    return make_party(LV, tmp_path_factory.mktemp("lv"), Limited)


def only_classical(public: PublicKeys) -> PublicKeys:
    return msgspec.structs.replace(public, key_exchange=CLASSICAL_ONLY)


async def test_two_nodes_that_can_use_the_hybrid(lt: KeySet, by: KeySet) -> None:
    """KEY-6: and both say so."""
    mine, theirs = LinkBook(), LinkBook()
    async with listening(lt, [by.public()], Desk(), mine) as port:
        line = call(port, by, lt.public(), theirs)
        assert (await line.request("POST", DELIVERY, b"x"))[0] == 200
        line.close()
    assert (mine.of(BY).group, theirs.of(LT).group) == (HYBRID, HYBRID)


async def test_a_partner_that_publishes_x25519_alone_gets_it_and_no_other_does(
    lt: KeySet, by: KeySet, lv: KeySet
) -> None:
    """KEY-6: one port serves both kinds of partner, each by its own group."""
    book = LinkBook()
    async with listening(lt, [by.public(), lv.public()], Desk(), book) as port:
        for keys in (by, lv):
            line = call(port, keys, lt.public())
            await line.request("GET", "/")
            line.close()
    assert (book.of(BY).group, book.of(LV).group) == (HYBRID, CLASSICAL)


async def test_a_caller_that_offers_less_than_it_published_fails_the_handshake(lt: KeySet, by: KeySet) -> None:
    """KEY-7: the only group on offer is the agreed one, so nothing is ever said by another."""
    desk, book, own = Desk(), LinkBook(), LinkBook()
    async with listening(lt, [by.public()], desk, book) as port:
        line = call(port, by, only_classical(lt.public()), own)
        with pytest.raises(LinkRefused, match="no key exchange in common"):
            await line.request("POST", DELIVERY, b"x")
    assert desk.came == []
    assert book.strangers == {"downgrade": 1}
    assert own.of(LT).refused == {"handshake-failure": 1}
    assert "no key exchange in common" in own.of(LT).fault


async def test_a_caller_that_offers_less_on_a_port_that_serves_a_weaker_partner_too_is_refused_by_name(
    lt: KeySet, by: KeySet, lv: KeySet
) -> None:
    """KEY-7: the port must offer X25519 for LV; BY may not slip through under it, and is told from LV."""
    desk, book = Desk(), LinkBook()
    async with listening(lt, [by.public(), lv.public()], desk, book) as port:
        line = call(port, by, only_classical(lt.public()))
        with pytest.raises(LineBroken):
            await line.request("POST", DELIVERY, b"x")
    assert desk.came == []
    assert book.of(BY).refused == {"downgrade": 1}
    assert book.of(BY).fault.lower() == "by would talk by x25519; its published keys say x25519mlkem768"
    assert book.of(LV).refused == {}


async def test_a_server_that_offers_less_than_it_published_gets_nothing(lt: KeySet, by: KeySet) -> None:
    """KEY-7: the same from the other side."""
    desk, book = Desk(), LinkBook()
    async with listening(lt, [only_classical(by.public())], desk) as port:
        line = call(port, by, lt.public(), book)
        with pytest.raises(LinkRefused, match="no key exchange in common"):
            await line.request("POST", DELIVERY, b"x")
    assert desk.came == []
    assert book.of(LT).refused == {"handshake-failure": 1}


async def test_pythons_own_tls_stands_for_a_node_that_cannot_do_the_hybrid(lt: KeySet, by: KeySet) -> None:
    """KEY-7, with another implementation as the caller: the certificate is right and the group is not."""
    context = ssl.create_default_context(cadata=lt.public().authority_pem)
    seal: Seal = by._seal
    context.load_cert_chain(by.folder / "tls.pem", password=seal.password)
    book = LinkBook()
    async with listening(lt, [by.public()], Desk(), book) as port:
        with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
            await asyncio.open_connection(
                "127.0.0.1", port, ssl=context, server_hostname=f"{LT.lower()}.node.redshank.internal"
            )
    assert book.strangers == {"downgrade": 1}
    async with listening(lt, [only_classical(by.public())], Desk(), book) as port:
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=f"{LT.lower()}.node.redshank.internal"
        )
        assert writer.get_extra_info("ssl_object").version() == "TLSv1.3"
        writer.close()


def test_a_group_that_was_not_agreed_is_refused_after_the_handshake_too(lt: KeySet, by: KeySet) -> None:
    """KEY-7: should OpenSSL ever negotiate what was not offered, the check of its result still stands."""
    callee = Callee(lt, {BY: only_classical(by.public())})
    caller = Caller(by, only_classical(lt.public()))
    server, client = callee.connection(), caller.connection()
    meet(client, server)
    assert callee.check(server) == (BY, CLASSICAL)
    with pytest.raises(LinkRefused, match="published keys say X25519MLKEM768") as refused:
        Callee(lt, {BY: by.public()}).check(server)
    assert refused.value.reason == "downgrade"
    with pytest.raises(LinkRefused, match="published keys say X25519MLKEM768"):
        Caller(by, lt.public()).check(client)


def meet(client: SSL.Connection, server: SSL.Connection) -> None:
    """A handshake over memory."""
    for _ in range(3):
        for one, other in ((client, server), (server, client)):
            with contextlib.suppress(SSL.WantReadError):
                one.do_handshake()
            with contextlib.suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(65_536))


def test_parties_without_a_key_exchange_in_common_have_no_line(lt: KeySet, by: KeySet) -> None:
    """KEY-6."""
    with pytest.raises(KeysFailed, match="no key exchange in common"):
        Caller(by, msgspec.structs.replace(lt.public(), key_exchange=()))


exchanges = st.lists(st.sampled_from(KeyExchange), max_size=3).map(tuple)


@given(mine=exchanges, theirs=exchanges)
def test_both_sides_agree_on_the_same_group(mine: tuple[KeyExchange, ...], theirs: tuple[KeyExchange, ...]) -> None:
    """KEY-6: from the two published lists alone, in whatever order they stand."""
    a, b = _public(LT, mine), _public(BY, theirs)
    agreed = agreed_exchange(a, b)
    assert agreed == agreed_exchange(b, a)
    assert (agreed is HYBRID) == (HYBRID in mine and HYBRID in theirs)
    assert (agreed is None) == (not set(mine) & set(theirs))


def _public(party: PartyId, groups: tuple[KeyExchange, ...]) -> PublicKeys:
    return PublicKeys(party, "", "", "", "", "", groups)


def test_public_keys_must_say_which_key_exchanges_they_can(tmp_path: Path, by: KeySet) -> None:
    """KEY-6: a file without the field is refused: silence is no permission for the weaker one."""
    from redshank.edges.keys.public import parse_public, public_bytes

    whole = public_bytes(by.public())
    assert parse_public(whole) == by.public()
    with pytest.raises(KeysFailed, match="key_exchange"):
        parse_public(whole.replace(b'"key_exchange":["X25519MLKEM768","X25519"],', b""))
    with pytest.raises(KeysFailed, match="key_exchange"):
        parse_public(whole.replace(b"X25519MLKEM768", b"P-256"))


@pytest.mark.parametrize(
    ("groups", "answer"),
    [("X25519MLKEM768", (200, b"receipt")), ("X25519MLKEM768:X25519", (200, b"receipt")), ("X25519", "HANDSHAKE_FAIL")],
)
async def test_an_independent_tls_agrees(
    lt: KeySet, by: KeySet, tmp_path: Path, groups: str, answer: tuple[int, bytes] | str
) -> None:
    """KEY-6 and KEY-7 with BoringSSL (through curl) as the caller: the hybrid is the one that others mean by the name,
    and a caller without it fails."""
    files = {
        CurlOpt.SSLCERT: by.tls.certificate.public_bytes(Encoding.PEM),
        CurlOpt.SSLKEY: by.tls.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        CurlOpt.CAINFO: lt.public().authority_pem.encode(),
    }
    book = LinkBook()
    async with listening(lt, [by.public()], Desk(), book) as port:
        try:
            told: tuple[int, bytes] | str = await asyncio.to_thread(curl, tmp_path, port, groups, files)
        except CurlError as error:
            told = str(error)
    if isinstance(answer, str):
        assert answer in str(told)
        assert book.strangers == {"downgrade": 1}
    else:
        assert told == answer
        assert book.of(BY).group is HYBRID


def curl(folder: Path, port: int, groups: str, files: dict[CurlOpt, bytes]) -> tuple[int, bytes]:
    host = f"{LT.lower()}.node.redshank.internal:{port}"
    asking, body = Curl(), BytesIO()
    for number, (option, content) in enumerate(files.items()):
        (folder / f"{number}.pem").write_bytes(content)
        asking.setopt(option, str(folder / f"{number}.pem").encode())
    asking.setopt(CurlOpt.URL, f"https://{host}{DELIVERY}".encode())
    asking.setopt(CurlOpt.RESOLVE, [f"{host}:127.0.0.1"])
    asking.setopt(CurlOpt.SSL_EC_CURVES, groups.encode())
    asking.setopt(CurlOpt.HTTP_VERSION, CurlHttpVersion.V1_1)
    asking.setopt(CurlOpt.POSTFIELDS, b"x")
    asking.setopt(CurlOpt.WRITEDATA, body)
    asking.setopt(CurlOpt.PROXY, b"")
    asking.perform()
    return int(str(asking.getinfo(CurlInfo.RESPONSE_CODE))), body.getvalue()
