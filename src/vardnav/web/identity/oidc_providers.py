"""Which provider knows whom: by settings, or in a demo the test provider."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from vardnav.identity.rules.claims import Population
from vardnav.web.identity.oidc_client import Provider, origin

PATHS = {"medarbetare": Population.STAFF, "invanare": Population.RESIDENTS}


def provider_of(population: Population, request: HttpRequest) -> Provider | None:
    """None when the region has none for these people."""
    issuer, client_id, client_secret = settings.OIDC[population.value]
    if issuer:
        return Provider(population, issuer, client_id, client_secret)
    return _of_the_demo(population, request) if settings.DEMO else None


def is_test(population: Population) -> bool:
    """Whether these people log in at the test provider."""
    return settings.DEMO and not settings.OIDC[population.value][0]


def _of_the_demo(population: Population, request: HttpRequest) -> Provider:
    """At our own address, whatever that is; it answers in this process, as a call to itself could wait for itself."""
    from vardnav.web.testidp import provider, wire

    issuer = request.build_absolute_uri(provider.PATH)
    return Provider(population, issuer, provider.CLIENTS[population], provider.SECRET, wire.InProcess(issuer))


def form_targets() -> str:
    """Where forms of our pages may lead besides to ourselves: log out goes on to the provider."""
    return " ".join(sorted({origin(issuer) for issuer, _, _ in settings.OIDC.values() if issuer}))


@dataclass(frozen=True, slots=True)
class WayIn:
    """A provider on the page where one logs in."""

    who: str
    staff: bool
    test: bool
    refused: bool  # the person has just turned back there

    @property
    def symbol(self) -> str:
        return "stethoscope" if self.staff else "user-round"


def ways(request: HttpRequest) -> list[WayIn]:
    """Residents first: they are most."""
    turned_back = request.GET.get("avbruten")
    found = sorted(PATHS.items(), key=lambda pair: pair[1] is Population.STAFF)
    return [
        WayIn(who, population is Population.STAFF, is_test(population), turned_back == population.value)
        for who, population in found
        if provider_of(population, request) is not None
    ]
