"""Every answer names the policy; what a view adds to it holds for its own answer alone."""

from csp.constants import HEADER
from django.http import HttpRequest, HttpResponse

from cuaso.wiring.policy import PolicyMiddleware


def test_a_view_that_lets_a_form_go_elsewhere_changes_its_own_answer_alone():
    policy = PolicyMiddleware(lambda _request: HttpResponse())

    def said(**own: object) -> str:
        request, response = HttpRequest(), HttpResponse()
        vars(response).update(own)
        policy.process_request(request)
        policy.process_response(request, response)
        return str(response[HEADER])

    usual = said()
    assert "default-src 'self'" in usual
    assert "https://doi-tac.example" in said(_csp_update={"form-action": "https://doi-tac.example"})
    assert said() == usual
