"""The whole list to take away: only the head of the clinic, and a line in the log for everybody in it."""

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate

from vardnav.kernel.actor import Role
from vardnav.listing.selectors import register_of
from vardnav.web import clock
from vardnav.web.clinic.downloads import as_csv, as_xlsx
from vardnav.web.request import Request, page

FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


@page(Role.CLINIC_HEAD, methods="POST")
def register(request: Request, form: str) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    now = clock.now()
    return FORMATS[form](register_of(by=request.actor, now=now), f"listade-{localdate(now).isoformat()}")
