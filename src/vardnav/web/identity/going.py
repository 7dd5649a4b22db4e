"""Where somebody was going before they had to log in."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def going_to(request: HttpRequest) -> str:
    """If that is a page of ours; else to the start. An address: `redirect` would look for a view's name."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if safe else "/"
