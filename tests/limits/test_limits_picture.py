"""What a hostile feed could make grow without end in the picture: each finds its bound."""

import pytest
from tests.picture.picture_scene import LT, at, plot, sighting, system

from redshank.decode.decoded import Decoded
from redshank.edges.engine import Engine
from redshank.node.events import LineFailed, Reported
from redshank.picture import Picture, absorb, advance, own_tracks
from redshank.picture.state import Work, resolve, with_sources
from redshank.terms import limits
from redshank.terms.ids import ChannelId, SourceId, TrackId
from redshank.terms.refusal import Reason, Refusal


@pytest.mark.parametrize(("count", "kept"), [(9, 9), (10, 10), (11, 10)])
def test_unconfirmed_plots(count: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """TENTATIVE_TRACKS: plots that no second one confirms; the newest are kept."""
    monkeypatch.setattr(limits, "TENTATIVE_TRACKS", 10)
    plots = [plot(9_000.0 * number, 0, number / 100) for number in range(count)]
    picture = absorb(Picture.empty(LT), plots, at(1))
    assert len(picture.tentative) == kept


def test_late_plots() -> None:
    """PLOT_LATE_MS: taken up to the bound, counted as too late beyond it."""
    first = absorb(Picture.empty(LT), [plot(0, 0, 100)], at(100))
    behind_s = limits.PLOT_LATE_MS / 1_000
    for late_s, refused in ((behind_s, 0), (behind_s + 0.001, 1)):
        picture = absorb(first, [plot(50_000, 0, 100 - late_s)], at(100))
        (book,) = picture.sources.values()
        assert dict(book.refused).get(Reason.TOO_LATE, 0) == refused


@pytest.mark.parametrize(("count", "kept"), [(5, 5), (6, 5)])
def test_names_of_sources(count: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_BOOKS: counts are kept for so many; what else says it is a source is used and not counted."""
    monkeypatch.setattr(limits, "SOURCE_BOOKS", 5)
    reports = [plot(9_000.0 * number, 0, 0, source=f"radar-{number}") for number in range(count)]
    assert len(absorb(Picture.empty(LT), reports, at(1)).sources) == kept


@pytest.mark.parametrize(("count", "kept"), [(4, 4), (5, 4)])
def test_sources_of_one_track(count: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRACK_SOURCES: a track names so many."""
    monkeypatch.setattr(limits, "TRACK_SOURCES", 4)
    assert len(with_sources((), [SourceId(f"radar-{number}") for number in range(count)])) == kept
    picture = Picture.empty(LT)
    for second in range(count):
        picture, _ = advance(
            absorb(picture, [system(45.0 * second, 0, second, source=f"s-{second}")], at(second)), at(second)
        )
    assert all(len(track.sources) <= kept for track in own_tracks(picture))


def test_the_trail_of_a_track() -> None:
    """TRACK_HISTORY_POINTS: a track that is reported for hours keeps its newest places."""
    picture = Picture.empty(LT)
    for step in range(limits.TRACK_HISTORY_POINTS + 30):
        second = 30 * step
        picture, _ = advance(absorb(picture, [system(450.0 * step, 0, second, (15.0, 0.0))], at(second)), at(second))
    (track,) = own_tracks(picture)
    assert len(track.trail) == limits.TRACK_HISTORY_POINTS


@pytest.mark.parametrize(("count", "kept"), [(7, 7), (8, 7)])
def test_old_names_of_tracks(count: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRACK_ALIASES: the newest are kept; a forgotten one is an unknown track, never another one."""
    monkeypatch.setattr(limits, "TRACK_ALIASES", 7)
    picture, _ = advance(absorb(Picture.empty(LT), [sighting(0, 0, 0)], at(0)), at(0))
    (track,) = own_tracks(picture)
    work = Work(picture)
    work.aliases.update({TrackId(f"old-{number}"): track.id for number in range(count)})
    after = work.done()
    assert len(after.aliases) == kept
    assert resolve(after, TrackId(f"old-{count - 1}")) == track.id
    assert isinstance(resolve(after, TrackId("old-0")), Refusal) is (count > kept)


async def test_a_full_queue_makes_its_feeders_wait(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """EVENT_QUEUE: what is handed over beyond the bound of its lane waits outside; other lanes stay open."""
    import asyncio
    from pathlib import Path

    from tests.edges.test_compose_desk import Running

    monkeypatch.setattr(limits, "EVENT_QUEUE", 3)
    node = Running(Path(str(tmp_path)))
    engine: Engine = node.engine
    for _ in range(3):
        await asyncio.wait_for(engine.post(Reported(SourceId("tracker"), Decoded())), 5)
    waiting = asyncio.create_task(engine.post(Reported(SourceId("tracker"), Decoded())))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await asyncio.wait_for(engine.post(LineFailed(ChannelId("BY-LT"), "no feed keeps this out")), 5)
    running = asyncio.create_task(engine.run())
    await asyncio.wait_for(waiting, 20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    node.store.close()
