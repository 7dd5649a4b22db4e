"""Whom a resident's page is about: the one who is logged in, or a child of theirs."""

from dataclasses import dataclass

from django.urls import reverse

from vardnav.kernel.actor import Actor
from vardnav.patients.rules import AccessDenied, Deed
from vardnav.patients.selectors import own_id


@dataclass(frozen=True, slots=True)
class Subject:
    person_id: int
    child_id: int | None = None

    @property
    def is_child(self) -> bool:
        return self.child_id is not None

    def url(self, name: str, **arguments: object) -> str:
        """The address of a page about this person: `web:offer`, or `web:child_offer` for a child."""
        if self.child_id is None:
            return reverse(f"web:{name}", kwargs=arguments)
        return reverse(f"web:child_{name}", kwargs={"child_id": self.child_id, **arguments})


def url_for(subject: Subject | None, name: str, **arguments: object) -> str:
    """The page about this person; for nobody, the page that is open to all."""
    return subject.url(name, **arguments) if subject else reverse(f"web:{name}", kwargs=arguments)


def subject_of(actor: Actor, child_id: int | None = None) -> Subject:
    """A child is only pointed out here; whether the actor may see it is decided where the data is read.

    Raises AccessDenied when the account's person is not in the region's register.
    """
    if child_id is not None:
        return Subject(child_id, child_id)
    person_id = own_id(actor)
    if person_id is None:
        raise AccessDenied(relation="none", deed=Deed.READ.value)
    return Subject(person_id)
