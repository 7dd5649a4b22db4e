"""The provider's pages: choose who you are; and its answers to programs."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vardnav.web import clock
from vardnav.web.testidp import people, provider


def issuer_of(request: HttpRequest) -> str:
    return request.build_absolute_uri(provider.PATH)


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    return JsonResponse(provider.metadata(issuer_of(request)))


@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(provider.jwks())


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    status, told = provider.token(request.POST.dict(), request.headers.get("Authorization", ""), issuer_of(request))
    return JsonResponse(told, status=status)


@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Choose a person. Only where the database holds a demo: there are no others to be."""
    asked = provider.question(request.GET.dict(), issuer_of(request))
    if asked is None or not people.is_a_demo():
        return render(request, "testidp/refused.html", {"no_demo": asked is not None}, status=400)
    shown = people.of(asked.population)
    if request.method == "POST":
        chosen = next((one for one in shown if one.key == request.POST.get("person")), None)
        if chosen is None:
            return _back(asked, {"error": "access_denied"}, request)
        claims = people.claims(chosen, asked.population, request.POST.get("level", ""), clock.now())
        return _back(asked, {"code": provider.code(asked, claims)}, request)
    context = {"people": shown, "levels": people.LEVELS, "population": asked.population.value}
    return render(request, "testidp/authorize.html", context)


@require_GET
def end_session(request: HttpRequest) -> HttpResponse:
    """Nothing is kept, so that nothing is to end."""
    back_to = request.GET.get("post_logout_redirect_uri", "")
    return HttpResponseRedirect(back_to if provider.is_ours(back_to, issuer_of(request)) else "/")


def _back(asked: provider.Question, told: dict[str, str], request: HttpRequest) -> HttpResponse:
    told |= {"state": asked.state, "iss": issuer_of(request)}
    return HttpResponseRedirect(f"{asked.redirect_uri}?{urlencode(told)}")
