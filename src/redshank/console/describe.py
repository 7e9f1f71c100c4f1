"""The description of the web API: OpenAPI 3.1, made from the same types that the routes use.

Here: paths, bodies, answers. Not here: doc pages, which would load code from outside. May know: node and
below."""

from functools import cache
from typing import Any

import msgspec

from redshank.console.people import Shown, Somebody, Step
from redshank.console.port import Accepted, PreviewView
from redshank.console.view import View
from redshank.console.voice import VoiceCheckView, VoiceFormView, VoiceTyped
from redshank.node.commands import Command
from redshank.terms.refusal import Refusal

_Schema = dict[str, Any]
_ASKED = (View, Command, Accepted, PreviewView, Refusal, VoiceFormView, VoiceTyped, VoiceCheckView)
_TYPES = (*_ASKED, Step, Shown, Somebody)


@cache
def description() -> _Schema:
    """The OpenAPI document as plain JSON values."""
    schemas, components = msgspec.json.schema_components(
        _TYPES, schema_hook=_any_value, ref_template="#/components/schemas/{name}"
    )
    view, command, accepted, preview, refusal, form, typed, checked, step, shown, somebody = schemas
    no = {"description": "A refusal: reason code, field, what to do.", "content": _json(refusal)}
    text = {"type": "string"}
    paths = {
        "/health": _get("The console runs. Needs no session.", _json({"type": "object"})),
        "/api/view": _get("The whole view: degrees, metres, UTC milliseconds.", _json(view)),
        "/api/stream": _get(
            "Server-sent events: `whole` (the view), then `part` (changed members; keyed lists as "
            '{"set": [...], "gone": [...]}) and `beat` (heartbeat).',
            {"text/event-stream": {"schema": text}},
        ),
        "/api/command": _post("Do what an officer asks.", _json(command), _json(accepted)),
        "/api/preview": _post("What the partner would read of it.", _json(command), _json(preview)),
        "/api/reports": _post(
            "Hand in one report of a person or a sensor (docs/spec).",
            _json({"type": "object"}),
            _json(accepted),
            "202",
        ),
        "/api/record/{channel}": _get("The record of a channel.", {"application/zip": {}}, "channel"),
        "/api/evidence/{channel}/{number}": _get(
            "The proof of what a partner signed against itself, for `redshank verify`.",
            {"application/json": {}},
            "channel",
            "number",
        ),
        "/api/warnings/{warning}.xml": _get("The CAP 1.2 alert.", {"application/cap+xml": {}}, "warning"),
        "/basemap.pmtiles": _get("The base map; answers range requests.", {"application/vnd.pmtiles": {}}),
    }
    paths |= _compliance() | _voice(form, typed, checked) | _people(step, shown, somebody)
    for path in paths.values():
        for operation in path.values():
            operation["responses"]["default"] = no
    return _document(paths, components)


def _document(paths: _Schema, schemas: _Schema) -> _Schema:
    bearer = {"type": "http", "scheme": "bearer"}
    cookie = {"type": "apiKey", "in": "cookie", "name": "redshank_<party>_<port>"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Redshank console", "version": "1"},
        "security": [{"bearer": []}, {"cookie": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": bearer, "cookie": cookie}},
    }


def _compliance() -> _Schema:
    return {
        "/api/compliance/{channel}.{form}": _get(
            "The report of compliance and reciprocity (docs/spec/report.md) as json, html or pdf, of statements `from` "
            "and before `until`, both RFC 3339 in UTC and both optional.",
            {"application/json": {}, "text/html": {}, "application/pdf": {}},
            "channel",
            "form",
        )
    }


def _voice(form: _Schema, typed: _Schema, checked: _Schema) -> _Schema:
    return {
        "/api/voice/{channel}/{serial}": _get("The read-out of our message.", _json(form), "channel", "serial"),
        "/api/voice/{channel}/{serial}.pdf": _get(
            "The read-out on paper.", {"application/pdf": {}}, "channel", "serial"
        ),
        "/api/voice/check": _post("What is known of groups being keyed in.", _json(typed), _json(checked)),
    }


def _people(step: _Schema, shown: _Schema, somebody: _Schema) -> _Schema:
    done = {"type": "object"}
    return {
        "/api/enter": _post(
            "A step of coming in; needs no session. The last sets the cookie.", _json(step), _json(shown)
        ),
        "/api/national": _get("Goes to the national login; needs no session.", {"text/html": {}}),
        "/api/national/return": _get("Comes back from it; sets the cookie.", {"text/html": {}}),
        "/api/leave": _post("Log out.", _json(done), _json(done)),
        "/api/me": _get("Whose session this is, and in which roles.", _json(somebody)),
    }


def _any_value(_: type) -> _Schema:
    """`object` in a view is any JSON value. (msgspec takes an empty schema for none.)"""
    return {"description": "any JSON value"}


def _json(schema: _Schema) -> _Schema:
    return {"application/json": {"schema": schema}}


def _get(what: str, content: _Schema, *parameters: str) -> _Schema:
    operation: _Schema = {"summary": what, "responses": {"200": {"description": "OK", "content": content}}}
    if parameters:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parameters
        ]
    return {"get": operation}


def _post(what: str, body: _Schema, content: _Schema, status: str = "200") -> _Schema:
    return {
        "post": {
            "summary": what,
            "requestBody": {"required": True, "content": body},
            "responses": {status: {"description": "OK", "content": content}},
        }
    }
