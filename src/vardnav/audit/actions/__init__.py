"""Write lines and commands, anchor and verify the log, forget its oldest months."""

from vardnav.audit.actions.anchor import anchor
from vardnav.audit.actions.commands import Answer, forget_commands, once
from vardnav.audit.actions.forget import Forgotten, add_months, forget_months
from vardnav.audit.actions.lines import record, record_reads
from vardnav.audit.actions.verified import verify_and_keep
from vardnav.audit.chain import COLUMNS

__all__ = [
    "COLUMNS",
    "Answer",
    "Forgotten",
    "add_months",
    "anchor",
    "forget_commands",
    "forget_months",
    "once",
    "record",
    "record_reads",
    "verify_and_keep",
]
