"""Officers of the simulation say every type, and take back what they said, while every invariant holds."""

from redshank.exercise.simulation.world import World

STATEMENTS = {"OWN-OBJECT", "MEASURE", "FIND", "EVIDENCE", "NEGATIVE", "WARNING", "CORRECT", "CANCEL"}


def test_officers_say_every_type_and_the_invariants_hold() -> None:
    """MSG-27, MSG-28: sent and got, over worlds with and without a liar, in five short runs."""
    sent, got = set[str](), set[str]()
    for seed in range(1, 6):
        world = World(seed, 700)
        world.run()
        for node in world.nodes.values():
            held = node.state.incidents
            for incident in (*held.open.values(), *held.closed.values()):
                for entry in incident.timeline:
                    if entry.ref is not None:
                        (got if entry.direction.value == "got" else sent).add(entry.type)
    assert sent >= STATEMENTS
    assert len(got & STATEMENTS) >= 6
