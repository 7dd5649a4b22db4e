from vardnav.patients.models.access import Block, Need, Opening
from vardnav.patients.models.people import Guardianship, Person

__all__ = ["Block", "Guardianship", "Need", "Opening", "Person"]
