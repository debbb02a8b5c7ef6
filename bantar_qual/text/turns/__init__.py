"""Find out who speaks where in a transcript, and what its header says."""

from bantar_qual.text.turns.finding import Layout, layout
from bantar_qual.text.turns.labels import proposed, role_of, says_role, spelling

__all__ = ["Layout", "layout", "proposed", "role_of", "says_role", "spelling"]
