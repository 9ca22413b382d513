"""An HTTP API that answers when a test lets it."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from werkzeug import Response

from tests.lead_rows import leads

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer
    from werkzeug import Request


class SlowApi:
    """Five leads at ``/leads``, once `may_answer` is set."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.url = httpserver.url_for("/leads")
        httpserver.expect_request("/leads").respond_with_handler(self._answer)

    def _answer(self, _request: Request) -> Response:
        self.asked.set()
        self.may_answer.wait(120)
        return Response(response=json.dumps({"data": leads(5)}), content_type="application/json")
