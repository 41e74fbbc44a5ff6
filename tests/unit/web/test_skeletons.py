"""Words of a visitor come in escaped and last."""

from jinja2 import DictLoader, Environment, StrictUndefined

from app.web.survey.skeletons import fill


def _environment() -> Environment:
    pages = {"page": "<h1 lang={{ language }}>{{ title }}</h1><a href='{{ base }}'>{{ _quoted(title) }}</a>"}
    environment = Environment(loader=DictLoader(pages), autoescape=True, undefined=StrictUndefined)
    environment.globals["_quoted"] = "“{}”".format
    return environment


def test_it_fills_in_and_escapes_what_is_a_visitors_own() -> None:
    page = fill(_environment(), "page", {"language": "de"}, {"title": "<b> & co", "base": "/s/x"})

    assert page == "<h1 lang=de>&lt;b&gt; &amp; co</h1><a href='/s/x'>“&lt;b&gt; &amp; co”</a>"


def test_two_visitors_share_the_skeleton_and_nothing_else() -> None:
    environment = _environment()

    first = fill(environment, "page", {"language": "de"}, {"title": "one", "base": "/s/1"})
    second = fill(environment, "page", {"language": "de"}, {"title": "two", "base": "/s/2"})
    third = fill(environment, "page", {"language": "ru"}, {"title": "two", "base": "/s/2"})

    assert (first.count("one"), second.count("one"), second.count("two")) == (2, 0, 2)
    assert "lang=ru" in third


def test_a_title_that_looks_like_a_place_stays_a_title() -> None:
    page = fill(_environment(), "page", {"language": "de"}, {"title": "\ue000base\ue001", "base": "/s/secret"})

    assert page.count("/s/secret") == 1
