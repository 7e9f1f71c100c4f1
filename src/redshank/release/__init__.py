"""Policy decides what may leave; the only room that can make a Released."""
