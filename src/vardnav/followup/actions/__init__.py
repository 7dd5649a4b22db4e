"""Count days."""

from vardnav.followup.actions.take import take_history, take_snapshot

__all__ = ["take_history", "take_snapshot"]
