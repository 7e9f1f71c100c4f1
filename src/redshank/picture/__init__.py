# size: the sub-room tracking is an engine on arrays that knows nothing of reports, tracks or partners (ADR 0030)
"""Picture: reports become tracks with covariance, status and sources; partners' tracks stand beside them.

Here: the tracker for plots and sightings, system tracks, joining of own tracks, received tracks, association, fusion by
covariance intersection with lineage, lost tracks and search areas. All pure: a picture and `now` go in, a new picture
comes out. Not here: what will happen (forecast), what may be said (release), how a message is read (exchange, node).
May know: terms.
"""

from redshank.picture.absorbing import absorb
from redshank.picture.ageing import advance, search_area
from redshank.picture.partners import FusedTrack, fused, partner_lost, receive, withdraw
from redshank.picture.reading import (
    States,
    ellipse_95,
    ellipses_95,
    moved,
    own_tracks,
    received_tracks,
    set_status,
    states_at,
    track,
)
from redshank.picture.state import Picture, SourceBook, TrackLostFact

__all__ = [
    "FusedTrack",
    "Picture",
    "SourceBook",
    "States",
    "TrackLostFact",
    "absorb",
    "advance",
    "ellipse_95",
    "ellipses_95",
    "fused",
    "moved",
    "own_tracks",
    "partner_lost",
    "receive",
    "received_tracks",
    "search_area",
    "set_status",
    "states_at",
    "track",
    "withdraw",
]
