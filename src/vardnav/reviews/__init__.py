"""Reviews of the log: which lines are looked at each month, who judges them, and what became of it."""
