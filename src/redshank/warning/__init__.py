"""CAP alerts for the public authority, proposed by the machine and sent by a person."""
