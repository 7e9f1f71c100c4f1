"""People: who may log in at a node, how they prove it, and the national register of what they did.

Here: the accounts' own store (`store`), what a person proves itself with (`factors`), what goes on between a page and a
login (`doors`), a national login (`oidc`). Not here: HTTP (console), what a role may do (node). May know: durable_file,
clock, terms. Nothing of it is ever in the journal, a log, a message or a record: there is the role, and a hand.
"""

from redshank.edges.people.layout import Person
from redshank.edges.people.store import PeopleDamaged, PeopleFailed, PeopleStore

__all__ = ["PeopleDamaged", "PeopleFailed", "PeopleStore", "Person"]
