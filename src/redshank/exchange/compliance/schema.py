"""Schema: the JSON Schema of a report, for whoever reads one by machine. May know: figures."""

import json
from typing import Any

import msgspec

from redshank.exchange.compliance.figures import REPORT_VERSION, Report


def schema_text() -> str:
    """The schema as JSON text, the same bytes each time."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The schema as data."""
    found = msgspec.json.schema(Report)
    kinds = found["$defs"]
    for kind in kinds.values():
        kind["description"] = " ".join(kind.get("description", "").split())
    kinds["Report"]["properties"]["v"] = {"const": REPORT_VERSION}
    kinds["Report"]["properties"]["channel"] = {"type": "string", "pattern": "^[A-Z]{2}-[A-Z]{2}$"}
    kinds["Held"]["properties"]["root"] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Redshank report of compliance and reciprocity",
        "description": "What both sides of a channel can read from the common log; see docs/spec/report.md.",
        **found,
    }
