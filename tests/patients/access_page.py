"""docs/rules/access.md, made of the tables in patients.rules.

`python -m tests.patients.access_page > docs/rules/access.md` writes it anew.
"""

from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role
from vardnav.parameters.rules import declared
from vardnav.patients.rules import (
    DEMANDED_ASSURANCE,
    LONGEST_OPENING,
    NEED_LASTS,
    AccessParameters,
    Barrier,
    Deed,
    GuardianParameters,
    Relation,
    Whose,
    allows,
    shown,
)

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
    Deed.READ: "see the resident's card, and what the own unit has of them",
    Deed.READ_CHOSEN_CONTACTS: "see the named doctor",
    Deed.READ_OTHER_UNITS: "see what stems from other units, as far as the second table shows it",
    Deed.READ_LOG: "see the messages, and who has read",
    Deed.CHOOSE: "list, change, leave, queue, answer an offer",
    Deed.CARE: "name a doctor, end one",
    Deed.BLOCK: "block what a unit has (staff: their own unit, at the person's request), and lift it",
    Deed.OPEN_HIDDEN: "open what is hidden, by consent or in an emergency",
}
WHOSE = {
    Whose.OWN_UNIT: "the unit of who asks",
    Whose.SAME_PROVIDER: "another unit of the same care provider",
    Whose.OTHER_PROVIDER: "a unit of another care provider",
}
BARRIERS = {
    Barrier.NONE: "nothing is blocked or opened",
    Barrier.BLOCKED: "the person has blocked the unit's data",
    Barrier.CONSENT: "opened for the unit of who asks: the person has said yes",
    Barrier.EMERGENCY: "opened for who asks, in an emergency",
    Barrier.ENDED: "was opened; the time is out, it was closed, or the person has blocked anew",
}
HEAD = """# Who may open whose data

This page is made of the tables in `src/vardnav/patients/rules/` (`tests/patients/access_page.py`); a test keeps it
true, and `tests/web/test_walk.py` tries every page against the same tables.

Patient Data Act (2008:355) 4:1: only who takes part in the care, or has another recorded need. **Deny by default**:
what no row allows is refused, and the refusal leaves a line in the log. Whoever comes by a login has logged in at
assurance level {assurance} at least (HSLF-FS 2016:40 3:15), else no patient data show.

## Relations

The first that holds is the one that counts.
"""
FOOT = """
A region planner, an administrator and a reviewer of the log have no row: they see figures, and ids in the log, but no
patient data. A program of our own (an import, a job) may do everything and says its name in the log.

A need is stated with a reason, leaves its own line, opens the data for one staff member at one unit, and ends by
itself. A service acts for those who have asked it to; each call leaves a line with the key's name.

## What stems from which unit

Who may read at all sees of a unit's data what this table says: the columns are what stands between.
"""
TAIL = """
Lists of a unit (its listed, its queue, its downloads) hold what the unit itself has of a person and nothing else, so
that no block can concern them. A refusal that would tell of hidden data says only that it cannot be done from here.

## Blocks and openings

* **A block** (4:4) hides what one unit has of a person from all other units and from other systems, at once. That
  something is blocked shows; which unit does not. At most one block stands for a person and a unit.
* **Never a guardian.** No row above gives a guardian `block`; nor does a guardian see whether a child has blocked.
* **An opening** (4:5) takes two steps. First a reason: then only *which* units hide something is told. Then which of
  them, with the reason: then the data show. A consent opens for the unit for the time chosen; an emergency for who
  opened it. Both close by themselves, {longest} hours after they began at the latest, can be closed before, and the
  person gets a message with unit and time. Lines read under an emergency are marked as such.
* A block placed after an opening closes it.

| value | default | from | to | unit | source |
|---|---|---|---|---|---|
"""


def everyone() -> dict[str, Actor]:
    acting = {
        role.value: Actor(
            ActorKind.STAFF, "x", hsa_id="SE1", acting=Acting(1, role, Purpose.CARE, "SE1-U1", "Enheten", "SE1-P1")
        )
        for role in Role
    }
    return {**WHO, **acting}


def page() -> str:
    p = GuardianParameters()
    numbers = {
        "sees": p.guardian_sees_all_below,
        "acts": p.guardian_acts_below,
        "hours": int(NEED_LASTS.total_seconds() // 3600),
    }
    lines = [HEAD.format(assurance=DEMANDED_ASSURANCE)]
    lines += [f"* `{relation.value}`: {text.format(**numbers)}." for relation, text in RELATIONS.items()]
    lines += ["", "Ages are values of the region (defaults here), each from a day on.", "", "## Deeds", ""]
    lines += [f"* `{deed.value}`: {text}." for deed, text in DEEDS.items()]
    lines += ["", "## The table", ""]
    lines.append("| who | relation | " + " | ".join(f"`{deed.value}`" for deed in Deed) + " |")
    lines.append("|---|---|" + "---|" * len(Deed))
    lines += list(rows())
    lines.append(FOOT)
    lines += [f"* `{barrier.value}`: {text}." for barrier, text in BARRIERS.items()]
    lines += ["", "| who | data of | " + " | ".join(f"`{one.value}`" for one in Barrier) + " |"]
    lines.append("|---|---|" + "---|" * len(Barrier))
    lines += list(sight_rows())
    longest = int(LONGEST_OPENING.total_seconds() // 3600)
    values = [
        f"| `{one.name}` | {one.default} | {one.low} | {one.high} | {one.unit} | {one.source} |"
        for one in declared(AccessParameters)
    ]
    return "\n".join(lines) + "\n" + TAIL.format(longest=longest) + "\n".join(values) + "\n"


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


def sight_rows() -> list[str]:
    return [
        f"| {kind.value} | {text} | "
        + " | ".join("yes" if shown(kind, whose, barrier) else "no" for barrier in Barrier)
        + " |"
        for kind in (ActorKind.RESIDENT, ActorKind.STAFF, ActorKind.SERVICE)
        for whose, text in WHOSE.items()
    ]


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
