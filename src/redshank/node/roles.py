"""Which role may give which command: a table, as data. What is not in it nobody may do.

Here: the table and the question. Not here: who has which role (edges), whether the act fits now (procedure, release).
May know: terms, node's commands.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from redshank.node import commands
from redshank.node.commands import Command
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role

_OFFICER: Final = frozenset((Role.DUTY_OFFICER,))
_AUTHORITY: Final = frozenset((Role.RELEASING_AUTHORITY,))
_ADMINISTRATOR: Final = frozenset((Role.ADMINISTRATOR,))
_STOPPING: Final = frozenset((Role.DUTY_OFFICER, Role.ADMINISTRATOR))
"""What must stop at night stops by whoever is there; what begins or ends for good is the administrator's."""

MAY: Final[Mapping[type[msgspec.Struct], frozenset[Role]]] = {
    commands.OpenIncident: _OFFICER,
    commands.SendNotice: _OFFICER,
    commands.Acknowledge: _OFFICER,
    commands.SendQuery: _OFFICER,
    commands.SendReply: _OFFICER,
    commands.SendOwnObject: _OFFICER,
    commands.SendMeasure: _OFFICER,
    commands.SendFind: _OFFICER,
    commands.SendEvidence: _OFFICER,
    commands.SendNegative: _OFFICER,
    commands.SendWarning: _OFFICER,
    commands.CorrectMessage: _OFFICER,
    commands.CancelMessage: _OFFICER,
    commands.CloseIncident: _OFFICER,
    commands.AgreeClose: _OFFICER,
    commands.CloseAlone: _OFFICER,
    commands.IssueWarning: _OFFICER,
    commands.SetStatus: _OFFICER,
    commands.TestLine: _OFFICER,
    commands.TakeVoice: _OFFICER,
    commands.NoteReadOut: _OFFICER,
    commands.SeeContradiction: _OFFICER,
    commands.TakeShift: _OFFICER,
    commands.OfferShift: _OFFICER,
    commands.AcceptShift: _OFFICER,
    commands.ApproveRelease: _AUTHORITY,
    commands.RefuseRelease: _AUTHORITY,
    commands.RotateKeys: _ADMINISTRATOR,
    commands.Suspend: _STOPPING,
    commands.Activate: _ADMINISTRATOR,
    commands.Resume: _ADMINISTRATOR,
    commands.EndAgreement: _ADMINISTRATOR,
}


def act_of(command: Command) -> str:
    """The command's name, as on the wire of the console."""
    return str(command.__struct_config__.tag)


def may_give(act: str) -> frozenset[Role]:
    """Which roles may give the command of this name; nobody for one that is none."""
    found = (may for kind, may in MAY.items() if str(kind.__struct_config__.tag) == act)
    return next(found, frozenset())


def barred(role: str, command: Command) -> Refusal | None:
    """Why this role may not give the command; NOT_ALLOWED. None when it may."""
    may = MAY.get(type(command), frozenset())
    if role in may:
        return None
    who = " or ".join(sorted(may)) or "nobody"
    return Refusal(Reason.NOT_ALLOWED, "role", f"{act_of(command)} is for {who}; you act as {role or 'nobody'}")


def role_for(command: Command, roles: Collection[Role]) -> Role | Refusal:
    """In which of its roles a person gives the command; NOT_ALLOWED when in none."""
    fitting = sorted(MAY.get(type(command), frozenset()) & set(roles))
    if fitting:
        return fitting[0]
    no = barred(" and ".join(sorted(roles)), command)
    return no or Refusal(Reason.NOT_ALLOWED, "role", "no role of yours may do this")
