"""Schema: the JSON Schema of the agreement file, for an editor or another nation's tool.

Here: the types of `agreement` as JSON Schema 2020-12, with the limits that its reader checks. Not here: what no schema
can say (the channel of these two parties, deadlines of the procedure's own): for that there is `agreement check`. May
know: terms.
"""

import json
from typing import Any

import msgspec

from redshank.procedure.agreement import LANGUAGES, LINE_TEST_S, NEEDED, STRIP_KM_MAX, Agreement
from redshank.terms import limits

_SECONDS = {"minimum": 1, "maximum": limits.DEADLINE_S}


def schema_text() -> str:
    """The schema as JSON text, the same bytes each time."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The schema as data."""
    found = msgspec.json.schema(Agreement)
    kinds = found["$defs"]
    for kind in kinds.values():
        kind["description"] = " ".join(kind.get("description", "").split())
    fields = kinds["Agreement"]["properties"]
    party = {"type": "string", "pattern": "^[A-Z]{2}$"}
    fields["channel"] = {"type": "string", "pattern": "^[A-Z]{2}-[A-Z]{2}$"}
    fields["parties"] = {"type": "array", "prefixItems": [party, party], "items": False, "minItems": 2, "maxItems": 2}
    fields["by_voice"] = {"anyOf": [party, {"type": "null"}], "default": None}
    fields["deadlines"]["additionalProperties"] = {"type": "integer", **_SECONDS}
    every = [{"contains": {"const": kind.value}} for kind in sorted(NEEDED)]
    fields["messages"] |= {"minItems": 1, "uniqueItems": True, "allOf": every}
    fields["languages"] = {"type": "array", "items": {"enum": list(LANGUAGES)}, "minItems": 1, "uniqueItems": True}
    kinds["AgreedArea"]["properties"]["strip_km"] |= {"minimum": 1, "maximum": STRIP_KM_MAX}
    low, high = LINE_TEST_S
    kinds["LineTest"]["properties"]["interval_s"] |= {"minimum": low, "maximum": high}
    kinds["Rung"]["properties"]["after_s"] |= {"minimum": 0, "maximum": limits.DEADLINE_S}
    witnesses = kinds["AgreedWitnesses"]["properties"]
    witnesses["of"]["maxItems"] = limits.WITNESSES
    witnesses["required"] |= {"minimum": 0, "maximum": limits.WITNESSES}
    kinds["AgreedWitness"]["properties"]["url"]["pattern"] = "^https?://"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Redshank agreement file",
        "description": "What a channel between two parties rests on. YAML or JSON; see PROC-20, PROC-21 and PROC-31.",
        **found,
    }
