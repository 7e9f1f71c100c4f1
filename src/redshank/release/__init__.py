"""Policy decides what may leave; the only room that can make a Released."""
# size: a policy is read, linted, matched, applied, previewed and audited here, and nobody else may make a Released
