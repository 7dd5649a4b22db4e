"""Write lines and commands, anchor the log, forget its oldest months, keep what was verified."""

from vardnav.audit.actions.commands import Answer, forget_commands, once
from vardnav.audit.actions.lines import record, record_reads
from vardnav.audit.chain import COLUMNS

__all__ = ["COLUMNS", "Answer", "forget_commands", "once", "record", "record_reads"]
