"""Redshank: the node software of a risk-reduction channel between five states. See ARCHITECTURE.md."""

__version__ = "0.1.0"
