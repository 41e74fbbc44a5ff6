"""Every page of staff can be read by everybody: on a phone and on a desk, by day and by night, in five languages."""

from types import ModuleType

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.looking import DESK, Axe, KeepPicture, OpenPage, asked, by_role, faults, look_at, out_of_place
from tests.browser.pages import areas, looks
from tests.browser.premises import Premises
from tests.browser.rules import FAINT, MOVING, SMALL, STRUCTURE, UNSEEN

#: What is not looked at, by reason. A blueprint without a dot stands for all of its routes.
NOT_LOOKED_AT = {
    "answers programs, not people": (
        *("api_lists", "api_policy", "api_recipients", "api_scorecards", "api_trackers", "api_webhooks", "api_work"),
        *("api-docs", "culture", "reading", "health", "hooks"),
    ),
    "a file": (
        *(
            "static",
            "branding.sheet",
            "branding.logo",
            "imports.rejected",
            "imports.example",
            "culture_pages.explore_json",
        ),
        *(f"culture_pages.{kind}" for kind in ("csv", "document", "pdf", "xlsx")),
        *(f"scorecards.{kind}" for kind in ("csv", "document", "pdf", "xlsx")),
    ),
    "leads on to another page": (
        *("sign_in.start", "close.listing", "culture_pages.newest", "culture_pages.all_cuts"),
        "sign_in_oidc",
        *("home.administration", "surveys.beyond_preview"),
    ),
    "shows a secret that was just made; the journey of the tracker looks at one": (
        *("connections.added", "api_keys.made", "own_keys.made"),
    ),
    "a mail, looked at in test_mails.py": ("close.mails.page",),
    "the survey, which is looked at itself": ("survey.decoy",),
}


@pytest.mark.parametrize("area", list(areas()), ids=lambda area: area.__name__.rpartition(".")[2])
def test_every_page_can_be_read_by_everybody(
    open_page: OpenPage, axe: Axe, keep_picture: KeepPicture, page_company: Premises, area: ModuleType
) -> None:
    found: dict[str, list[str]] = {}

    for role, theirs in by_role(area.LOOKS).items():
        page = open_page(viewport=DESK, reduced_motion="reduce", locale="en")
        if role is not None:
            page_company.let_in(page, role)
        for look in theirs:
            if wrong := look_at(page, page_company.address, look, axe, keep_picture):
                found[look.name] = wrong

    assert found == {}


def test_every_page_is_looked_at_or_has_a_reason(sqlite_app: Flask) -> None:
    excepted = {name for names in NOT_LOOKED_AT.values() for name in names}
    routes = {rule.rule: rule.endpoint for rule in sqlite_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    urls = sqlite_app.url_map.bind("localhost")
    paths = {look.reaches or look.path.partition("?")[0] for look in looks()} - {"/nowhere"}
    seen = {path if path in routes else urls.match(path, return_rule=True)[0].rule for path in paths}

    left = {rule for rule, endpoint in routes.items() if not {endpoint, endpoint.partition(".")[0]} & excepted}
    assert (left - seen, seen - left) == (set(), set())


def test_a_word_without_room_is_found(page: Page) -> None:
    page.set_content(
        "<style>div, td, span { display: block; width: 60px; margin: 0 30px } .sr { position: absolute; width: 1px }"
        " .cut { overflow: hidden } .cut p { width: 400px } .scrolled { overflow: auto }</style>"
        "<div>fits</div><div>Informationstechnik</div><span>Arbeitsplatzservice</span>"
        '<div class="scrolled">Zugriffsberechtigungen</div><div class="cut"><p>words that are cut off</p></div>'
        '<div class="sr">Bildschirmlesegeräte</div>'
        '<svg width="50" height="20"><text x="20" y="15">drawn outside</text><text y="15">in</text></svg>'
    )

    assert out_of_place(page) == [
        "out of its place: Informationstechnik",
        "out of its place: Arbeitsplatzservice",
        "out of its place: words that are cut off",
        "out of its drawing: drawn outside",
    ]


def test_what_keys_reach_without_a_ring_is_found_and_targets_too_small(page: Page, axe: Axe) -> None:
    page.set_content(
        "<style>a, button { outline: 2px solid; display: inline-block; min-height: 30px } .bare { outline: none }"
        " .small a { font-size: 8px; min-height: 0 }</style>"
        '<main><h1>Targets</h1><a href="#">ringed</a> <button class="bare">bare</button>'
        '<div class="small"><a href="#1">1</a> <a href="#2">2</a></div></main>'
    )

    found = faults(page, axe, "en")

    assert [told for told in found if told.startswith("no focus ring")] == [
        'no focus ring: <button class="bare">bare</button>'
    ]
    assert [told.split(":")[0] for told in found if told.startswith("target-size")] == ["target-size"] * 2


def test_what_a_screen_reader_would_stumble_over_is_found(page: Page) -> None:
    page.set_content(
        '<html lang="de"><title>· Parity</title><header><nav><a href="#main">Home</a></nav></header><main id="main">'
        '<h1>One</h1><h3>Three</h3><h1>Two</h1><table><tr><td>1</td></tr></table><div id="twice"></div>'
        '<p id="twice"></p><a href="#gone">gone</a><input aria-describedby="nowhere" aria-labelledby="twice">'
        '<input aria-invalid="true"><div class="field"><span class="msg" id="fault">Too long</span></div>'
        "<p>It was frozen.Mails leave. Version 2.B, example.com.</p></main>"
    )

    assert [told.partition(": ")[0] for told in asked(page, STRUCTURE, language="en")] == [
        "lang is de",
        "no title",
        "2 h1",
        "heading out of order",
        "table without a name",
        "table without heads",
        "aria-describedby points nowhere",
        "aria-labelledby without words",
        "leads nowhere",
        "id twice",
        "fault without words",
        "loose fault",
        "no way past the navigation",
        "no space between sentences",
    ]


def test_small_targets_hidden_focus_and_motion_are_found(page: Page) -> None:
    page.set_content(
        "<style>* { outline: 2px solid; scroll-padding: 0 } .bar { position: sticky; bottom: 0; height: 90vh }"
        " label, button { display: block; height: 30px } .tall { height: 200vh }"
        " .small { height: 20px; width: 20px; padding: 0 }"
        " .slow { transition: color 1s } .slow::after { content: 'x'; animation: 1s turn }"
        " @keyframes turn { }</style>"
        '<main><label>a label that is large enough <input type="checkbox"></label><p>Words <a href="#">link</a></p>'
        '<div class="tall"></div><button>covered</button><button class="small"></button>'
        '<div class="bar slow">bar</div></main>'
    )

    assert [told.partition(": ")[0] for told in asked(page, SMALL, UNSEEN, MOVING)] == [
        "20 x 20 px",
        "focus behind what sticks",
        "focus behind what sticks",
        "transition",
        "animation",
    ]


def test_words_that_stand_out_too_little_are_found_as_axe_finds_them(page: Page, axe: Axe) -> None:
    page.set_content(
        '<html lang="en"><title>Words</title><style>body { background: white; color: black } .pale { color: #999 }'
        " .dark { background: #172125 } .large { font-size: 24px; color: #888 }"
        " .hatched { background-image: linear-gradient(red, blue) }</style>"
        '<main><h1>Seen</h1><p class="pale">pale</p><p class="large">large enough</p>'
        '<div class="dark"><p>black on dark</p><p class="pale">pale on dark</p></div>'
        '<p class="hatched"><b class="pale">nobody can tell</b></p></main>'
    )

    assert asked(page, FAINT) == ["faint, 2.8: pale", "faint, 1.3: black on dark"]
    assert len(axe(page, "color-contrast")) == 2
