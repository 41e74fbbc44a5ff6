"""A program is not answered in the language of the person whom the same thread answered before."""

from tests.integration.web.conftest import Link


def test_a_script_is_refused_in_english_after_a_page_in_german(link: Link) -> None:
    client = link.app.test_client()

    page = client.get(f"{link.path}?lang=de")
    refused = client.post("/api/v1/requests", json={})

    assert 'lang="de"' in page.text
    assert refused.get_json()["detail"] == "a key of this installation is needed"
