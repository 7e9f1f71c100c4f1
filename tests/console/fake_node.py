"""A small node behind the console: keeps the contract of ConsolePort, without any of the rooms below."""

import asyncio

import httpx

from redshank.compose.doorkeeper import NodeDoorkeeper
from redshank.console import view as views
from redshank.console.port import Accepted, PreviewView
from redshank.console.voice import check_view, form_view
from redshank.edges.clock import SystemClock
from redshank.edges.people import PeopleStore
from redshank.edges.people.doors import Doors
from redshank.edges.people.factors import Site
from redshank.exchange.voice import VoiceForm, encode
from redshank.exercise.accounts import STAFF, make_accounts
from redshank.node.commands import Acknowledge, SendReply
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType, TestBody
from redshank.terms.refusal import Reason, Refusal

FEED = "b" * 64
COOKIE = "redshank_LT_8101"
BASE = "http://127.0.0.1:8101"
ORIGIN = {"Origin": BASE}
TEST = Message(
    type=MessageType.TEST,
    channel=ChannelId("BY-LT"),
    sender=PartyId("LT"),
    year=2026,
    serial=1,
    stated_ms=Instant(1_778_115_600_000),
    body=TestBody(3),
)
ACK = {"act": "acknowledge", "channel": "BY-LT", "serial": 3}


def line(channel="BY-LT", state="up", queued=0):
    return views.LineView(
        channel=channel, partner="BY", state=state, own_size=1, receipted_size=1, partner_size=1, queued=queued,
        last_contact_ms=None, last_test_ms=None, refusals=[],
    )  # fmt: skip


def view(now_ms=1_000, lines=(line(),), feeds=()):
    return views.View(
        party="LT", exercise=True, now_ms=now_ms, clock_rate=1.0, tracks=[], forecasts=[], incidents=[],
        partner_pictures=[], lines=list(lines), feeds=list(feeds),
    )  # fmt: skip


class FakeNode:
    """Keeps the contract of ConsolePort: remembers commands and reports, counts versions, refuses what is unknown."""

    def __init__(self):
        self.version, self.shown = 1, view()
        self.commands, self.reports = [], []
        form = encode(TEST, exercise=True)
        assert isinstance(form, VoiceForm)
        self.form = form
        self._news = asyncio.Condition()

    def view(self):
        return self.shown

    async def drawn(self):
        return self.shown

    async def show(self, shown):
        async with self._news:
            self.version, self.shown = self.version + 1, shown
            self._news.notify_all()

    async def changed(self, since_version):
        async with self._news:
            await self._news.wait_for(lambda: self.version > since_version)
            return self.version

    async def command(self, command, role, person):
        self.commands.append((command, role))
        if isinstance(command, Acknowledge) and command.serial == 99:
            return Refusal(Reason.UNKNOWN_MESSAGE, "serial", "no such message")
        return Accepted()

    async def preview(self, command):
        if not isinstance(command, SendReply):
            return Refusal(Reason.NOT_IN_TABLE, "act", "sends nothing")
        return PreviewView(
            type="REPLY", channel=command.channel, partner="BY", released=True, rule="forms",
            body={"answer": command.answer},
        )  # fmt: skip

    async def report(self, body, source):
        self.reports.append((body, source))
        return None if body.startswith(b"{") else Refusal(Reason.MALFORMED, "report", "not JSON")

    async def record(self, channel, generation=None):
        return b"PK\x05\x06" if channel == "BY-LT" else Refusal(Reason.WRONG_CHANNEL, "channel", "none")

    async def voice_form(self, channel, serial, generation=None):
        if (channel, serial) != ("BY-LT", 1):
            return Refusal(Reason.UNKNOWN_MESSAGE, "serial", "none of ours")
        return form_view(self.form)

    async def voice_print(self, channel, serial, generation=None, language="en"):
        form = await self.voice_form(channel, serial)
        return form if isinstance(form, Refusal) else b"%PDF-"

    def voice_check(self, typed):
        return check_view(typed, True, self.form.heard.message.stated_ms)

    async def evidence(self, channel, number):
        return b"{}" if (channel, number) == ("BY-LT", 0) else Refusal(Reason.UNKNOWN_MESSAGE, "number", "none")

    async def compliance(self, channel, from_ms, until_ms, form):
        if channel != "BY-LT":
            return Refusal(Reason.WRONG_CHANNEL, "channel", "none")
        return f"{form} {from_ms} {until_ms}".encode()

    def warning_cap(self, warning):
        return b"<alert/>" if warning == "W1" else None


class People:
    """The people of a node of LT: real accounts of an exercise in a real file, and a session of each."""

    def __init__(self, folder, party="LT", origin=BASE):
        make_accounts(PartyId(party), folder)
        self.store = PeopleStore(folder / "people.sqlite", PartyId(party))
        self.doors = Doors(self.store, Site("localhost", origin, "Redshank LT"), exercise=True)
        self.keeper = NodeDoorkeeper(self.store, self.doors, FEED)

    def link(self, person="officer"):
        return self.store.new_link(person, SystemClock().now())

    def token(self, person="officer"):
        return self.store.begin_session(person, SystemClock().now())

    def all_tokens(self):
        return {person: self.token(person) for person in STAFF}


def client_of(app, **headers):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=headers)


def client_with(app, token, **headers):
    return client_of(app, Cookie=f"{COOKIE}={token}", **headers)


async def logged_in(app, people, person="officer"):
    browser = client_of(app)
    answer = await browser.post("/api/enter", json={"step": "enter", "link": people.link(person)}, headers=ORIGIN)
    assert answer.status_code == 200
    return browser
