"""Coverage: which clauses of docs/spec a partner cannot see over the wire, and why.

A test holds this list and the cases against the specification: each clause is in exactly one of the two.
"""

PERSON = "a person does it, by a duty that the wire does not show; the procedure's own tests and the record do"
OWNER = "a promise of this implementation to its owner; a partner cannot know what was not sent"
HOME = "people, their names and logins stay at home; a partner reads a role, and that only where a form has one"
ALERT = "alerts go to the node's own authority, never to a partner"
RECORD = "a record is exported by a person: check it with `redshank verify`"
CEREMONY = "how keys are made, compared by voice, kept and withdrawn: a partner sees the public file and no more"
STORE = "how a node keeps and restores what it has: a partner sees only that nothing is lost"
WITNESS = "a node calls its witnesses and a witness answers nodes; the partner sees neither, but in an exported record"
VOICE = "what is said and heard between two officers; the wire carries the signed original only"
EVIDENCE = "what a node keeps against the qualifier is exported by a person: check it with `redshank verify`"
TABLE = "tables and agreements are examined as files: `redshank procedure check`, `redshank agreement check`"
AGREEMENT = "who activates, stops and ends an agreement is a person, and what waits or is marked no partner sees"
ROTATION = "a change of keys needs a ceremony of two officers, which no examination can hold"
READER = "how a side reads a message is its own affair: the wire carries codes and numbers"
REPORT = "a report is computed from logs that were delivered; nothing of it goes over the wire"
HIDDEN = "a refused entry of this type and an accepted one look the same to the sender until a person acts"

UNSEEN: dict[str, str] = {
    "LINE-7": "how an examination is set up: it holds while one runs",
    "LINE-8": VOICE,
    "MSG-12": HIDDEN,
    "MSG-14": HIDDEN,
    "MSG-21": ROTATION,
    **{f"MSG-{number}": HIDDEN for number in range(22, 27)},
    **{f"MSG-{number}": PERSON for number in (27, 28)},
    "MSG-29": OWNER,
    **{f"LOG-{number}": ROTATION for number in (19, 20, 22, 23)},
    "MSG-15": "which reason is counted first is seen on the node's console only",
    **{f"REC-{number}": RECORD for number in range(1, 24)},
    **{f"KEY-{number}": CEREMONY for number in (1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17)},
    **{f"RCV-{number}": STORE for number in range(1, 14)},
    **{f"VOICE-{number}": VOICE for number in range(1, 32)},
    **{f"WIT-{number}": WITNESS for number in range(1, 12)},
    **{f"EVI-{number}": EVIDENCE for number in range(1, 10)},
    **{f"PROC-{number}": PERSON for number in (1, 3, 4, 6, 8, 9, 11, 12, 13, 14, 16, 20, 21, 22, 23, 24, 25, 26, 27)},
    **{f"PROC-{number}": TABLE for number in range(28, 41)},
    **{f"REL-{number}": OWNER for number in (1, 2, 3, 4, 5, *range(7, 30))},
    **{f"PEO-{number}": HOME for number in range(1, 19)},
    **{f"LANG-{number}": READER for number in range(1, 14)},
    **{f"AGR-{number}": AGREEMENT for number in range(1, 16)},
    **{f"RPT-{number}": REPORT for number in range(1, 16)},
    **{f"CAP-{number}": ALERT for number in range(1, 13)},
}
"""Clause to the reason."""
