"""Every page of staff can be read by everybody: on a phone and on a desk, by day and by night, in four languages."""

import pytest
from playwright.sync_api import Page

from tests.browser.looking import (
    DESK,
    NARROWEST,
    PHONE,
    Axe,
    KeepPicture,
    OpenPage,
    by_role,
    faults,
    go,
    look_at,
    out_of_place,
    sideways,
    unfold,
)
from tests.browser.pages import looks
from tests.browser.premises import Premises


@pytest.mark.parametrize(
    ("size", "scheme", "locale"),
    [(PHONE, "dark", "ru"), (DESK, "light", "en")],
    ids=["phone-dark-ru", "desk-light-en"],
)
def test_every_page_can_be_read_by_everybody(
    open_page: OpenPage,
    axe: Axe,
    keep_picture: KeepPicture,
    page_company: Premises,
    size: dict[str, int],
    scheme: str,
    locale: str,
) -> None:
    found: dict[str, list[str]] = {}

    for role, theirs in by_role(looks()).items():
        page = open_page(viewport=size, color_scheme=scheme, locale=locale)
        if role is not None:
            page_company.sign_in(page, role)
        suffix = f"{size['width']}-{scheme}-{locale}"
        found |= look_at(page, page_company.address, theirs, axe, keep_picture, suffix)

    assert found == {}


@pytest.mark.parametrize(
    ("size", "locale"),
    [(NARROWEST, "pl"), (PHONE, "de")],  # Spanish is shorter than both; the other two are looked at above
    ids=["pl", "phone-de"],
)
def test_nothing_is_wider_than_a_narrow_screen(
    open_page: OpenPage, page_company: Premises, size: dict[str, int], locale: str
) -> None:
    found: dict[str, list[str]] = {}

    for role, theirs in by_role(looks()).items():
        page = open_page(viewport=size, locale=locale)
        if role is not None:
            page_company.sign_in(page, role)
        for look in theirs:
            wrong = list(go(page, page_company.address, look))
            unfold(page)
            if wrong := [*wrong, *sideways(page), *out_of_place(page)]:
                found[look.name] = wrong

    assert found == {}


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

    found = faults(page, axe)

    assert [told for told in found if told.startswith("no focus ring")] == [
        'no focus ring: <button class="bare">bare</button>'
    ]
    assert [told.split(":")[0] for told in found if told.startswith("target-size")] == ["target-size"] * 2
