"""The way from our client to the test provider, within one process.

Over the network the web process would ask itself: with all its threads busy logging people in, none would be left to
answer. The messages are the same; only the socket is left out.
"""

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from vardnav.web.testidp import provider


class InProcess(BaseAdapter):
    """Carries requests for one issuer."""

    def __init__(self, issuer: str) -> None:
        super().__init__()
        self.issuer = issuer

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        status, told = self._answer(request)
        answer = Response()
        answer.status_code = status
        answer.url = request.url or ""
        answer.request = request
        answer.headers = CaseInsensitiveDict({"Content-Type": "application/json"})
        answer.raw = io.BytesIO(json.dumps(told).encode())
        return answer

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, request: PreparedRequest) -> provider.Answer:
        path = (request.url or "").removeprefix(self.issuer)
        if request.method == "POST" and path == "/token":
            headers: Mapping[str, str] = request.headers
            return provider.token(_form(request.body), headers.get("Authorization", ""), self.issuer)
        if request.method == "GET" and path == "/jwks":
            return 200, provider.jwks()
        if request.method == "GET" and path == "/.well-known/openid-configuration":
            return 200, provider.metadata(self.issuer)
        return 404, {"error": "not_found"}


def _form(body: Any) -> dict[str, str]:
    text = body.decode() if isinstance(body, bytes) else str(body or "")
    return dict(parse_qsl(text))
