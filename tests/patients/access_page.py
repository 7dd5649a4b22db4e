"""docs/rules/access.md, made of the tables in patients.rules.

`python -m tests.patients.access_page > docs/rules/access.md` writes it anew.
"""

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.patients.rules import NEED_LASTS, Deed, GuardianParameters, Relation, allows

WHO: dict[str, Actor] = {
    "resident": Actor(ActorKind.RESIDENT, "r", personal_number="191212121212"),
    "service, listing:read": Actor(ActorKind.SERVICE, "s", scopes=frozenset({"listing:read"})),
    "service, listing:write": Actor(ActorKind.SERVICE, "s", scopes=frozenset({"listing:write"})),
    "service, organisation:read": Actor(ActorKind.SERVICE, "s", scopes=frozenset({"organisation:read"})),
    "staff without assignment": Actor(ActorKind.STAFF, "x", hsa_id="SE1"),
}
RELATIONS = {
    Relation.SELF: "the resident's own account",
    Relation.GUARDIAN: "guardian of a child under {sees}",
    Relation.GUARDIAN_OF_TEENAGER: "guardian of a child from {sees} until {acts}",
    Relation.UNIT: "the unit of the assignment has the resident: listed there, about to be, or in its queue",
    Relation.NEED: "a need this staff member has stated at this unit, for {hours} hours",
    Relation.NONE: "none of these",
}
DEEDS = {
    Deed.READ: "see the resident's card, clinic and place in a queue",
    Deed.READ_CHOSEN_CONTACTS: "see the named doctor, the messages and the log",
    Deed.CHOOSE: "list, change, leave, queue, answer an offer",
    Deed.CARE: "name a doctor, end one",
}
HEAD = """# Who may open whose data

This page is made of the tables in `src/vardnav/patients/rules.py` (`tests/patients/access_page.py`); a test keeps it
true, and `tests/web/test_walk.py` tries every page against the same tables.

Patient Data Act (2008:355) 4:1: only who takes part in the care, or has another recorded need. **Deny by default**:
what no row allows is refused, and the refusal leaves a line in the log.

## Relations

The first that holds is the one that counts.
"""
FOOT = """
A region planner and an administrator have no row: they see figures, and ids in the log, but no patient data. A
program of our own (an import, a job) may do everything and says its name in the log.

A need is stated with a reason, leaves its own line, opens the data for one staff member at one unit, and ends by
itself. A service acts for those who have asked it to; each call leaves a line with the key's name.
"""


def actor_in(role: Role) -> Actor:
    from vardnav.kernel.actor import Acting, Purpose

    acting = Acting(assignment_id=1, role=role, purpose=Purpose.CARE, unit_hsa_id="SE1", unit_name="x")
    return Actor(ActorKind.STAFF, "x", account_id=1, hsa_id="SE1", acting=acting)


def everyone() -> dict[str, Actor]:
    return {**WHO, **{role.value: actor_in(role) for role in Role}}


def page() -> str:
    p = GuardianParameters()
    hours = int(NEED_LASTS.total_seconds() // 3600)
    lines = [HEAD]
    for relation, words in RELATIONS.items():
        said = words.format(sees=p.guardian_sees_all_below, acts=p.guardian_acts_below, hours=hours)
        lines.append(f"* `{relation.value}`: {said}.")
    lines += ["", "Ages are values of the region (defaults here), each from a day on.", "", "## Deeds", ""]
    lines += [f"* `{deed.value}`: {words}." for deed, words in DEEDS.items()]
    lines += ["", "## The table", "", "| who | relation | " + " | ".join(f"`{deed.value}`" for deed in Deed) + " |"]
    lines.append("|---|---|" + "---|" * len(Deed))
    lines += list(rows())
    return "\n".join(lines) + "\n" + FOOT


def rows() -> list[str]:
    """Relations under which anything is allowed; who has none has one row that says so."""
    found = []
    for name, actor in everyone().items():
        allowed = [(relation, {deed for deed in Deed if allows(actor, relation, deed)}) for relation in Relation]
        some = [(relation, deeds) for relation, deeds in allowed if deeds]
        if actor.kind is ActorKind.SERVICE and some:
            found.append(_row(name, "any", some[0][1]))
        elif some:
            found += [_row(name, f"`{relation.value}`", deeds) for relation, deeds in some]
        else:
            found.append(_row(name, "any", set()))
    return found


def _row(name: str, relation: str, deeds: set[Deed]) -> str:
    return f"| {name} | {relation} | " + " | ".join("yes" if deed in deeds else "no" for deed in Deed) + " |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
