"""Statements: what a person says of our own doing and findings, built anew for whom it may leave to.

Here: MEASURE, FIND, EVIDENCE, NEGATIVE, WARNING, CORRECT, CANCEL. They hold what a person wrote and nothing of the
picture, so there is nothing to coarsen; where they may be about is `node`'s check against the agreed strip. Not here:
bodies that are made from a track (`body`). May know: terms.
"""

from redshank.terms.message import (
    CancelBody,
    EvidenceBody,
    FindBody,
    MeasureBody,
    NegativeBody,
    PointE7,
    WarningBody,
)

Statement = MeasureBody | FindBody | EvidenceBody | NegativeBody | WarningBody | CancelBody


def build_statement(body: Statement) -> Statement:
    """The same codes and numbers in a new body, member by member: what has no line here does not leave."""
    match body:
        case MeasureBody():
            return MeasureBody(
                measure=body.measure,
                centre=_point(body.centre),
                radius_m=body.radius_m,
                from_ms=body.from_ms,
                until_ms=body.until_ms,
                floor_m=body.floor_m,
                ceiling_m=body.ceiling_m,
            )
        case FindBody():
            return _find(body)
        case EvidenceBody():
            return _evidence(body)
        case NegativeBody():
            return NegativeBody(
                centre=_point(body.centre),
                radius_m=body.radius_m,
                from_ms=body.from_ms,
                until_ms=body.until_ms,
                means=body.means,
            )
        case WarningBody():
            districts = tuple(body.districts)
            return WarningBody(level=body.level, districts=districts, from_ms=body.from_ms, until_ms=body.until_ms)
        case CancelBody():
            return CancelBody(serial=body.serial, generation=body.generation, why=body.why)


def _find(body: FindBody) -> FindBody:
    return FindBody(
        what=body.what,
        at=_point(body.at),
        accuracy_m=body.accuracy_m,
        found_ms=body.found_ms,
        hazard=body.hazard,
        secured=body.secured,
        object=body.object,
    )


def _evidence(body: EvidenceBody) -> EvidenceBody:
    return EvidenceBody(
        kind=body.kind,
        sha256=body.sha256,
        bytes=body.bytes,
        obtained_ms=body.obtained_ms,
        find=body.find,
        generation=body.generation,
    )


def _point(point: PointE7) -> PointE7:
    return PointE7(point.lat_e7, point.lon_e7)
