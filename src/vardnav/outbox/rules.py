"""What a message may be."""

from enum import StrEnum


class Channel(StrEnum):
    INBOX = "inbox"  # the resident's own pages; SMS and e-mail come with booking


class Template(StrEnum):
    """Every text that leaves: worded in both languages by the page that shows it."""

    LISTING_CHANGED = "listing.changed"
    LISTING_WITHDRAWN = "listing.withdrawn"
    LISTING_LEFT = "listing.left"
    LISTING_PASSIVE = "listing.passive"
    QUEUE_JOINED = "queue.joined"
    QUEUE_CLOSED = "queue.closed"
    OFFER_MADE = "offer.made"
    OFFER_EXPIRED = "offer.expired"
    CHOICE_WAITS = "choice.waits"
    CHOICE_REFUSED = "choice.refused"
    CHOICE_VOID = "choice.void"
    DOCTOR_NAMED = "doctor.named"
    DOCTOR_ENDED = "doctor.ended"
    WELCOME = "listing.welcome"
    BLOCK_PLACED = "block.placed"
    BLOCK_LIFTED = "block.lifted"
    OPENED_BY_CONSENT = "opened.by_consent"
    OPENED_IN_EMERGENCY = "opened.in_emergency"
