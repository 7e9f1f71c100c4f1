"""Bodies of requests: read up to a limit, decoded strictly. Not here: what they mean."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from redshank.terms.refusal import Reason, Refusal

T = TypeVar("T")


async def read_body(request: Request, limit: int) -> bytes | Refusal:
    """The body, unless it is longer than `limit` bytes: then reading stops there."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return Refusal(Reason.TOO_LARGE, "body", f"at most {limit} bytes")
    return bytes(body)


def decoded(decoder: msgspec.json.Decoder[T], body: bytes, field: str = "command") -> T | Refusal:
    """The form that a body holds; MALFORMED names the place."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # ValidationError is a DecodeError
        return Refusal(Reason.MALFORMED, field, str(error))
