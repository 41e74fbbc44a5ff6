"""Who works at Halden."""

import numpy as np
import pytest

from app.demo.company import OFFICES, PLACES, employees
from app.demo.providers import OTHERS, PROVIDERS


@pytest.mark.parametrize("seed", [20260101, 1, 2])
def test_nobody_shares_a_name(seed: int) -> None:
    names = [person.name for person in employees(np.random.default_rng(seed))]
    names += [name for _, _, name in OFFICES]

    assert (len(names), len(set(names))) == (1603, 1603)


def test_every_provider_and_asker_is_a_department_and_nobody_asks_their_own() -> None:
    known = {place.code for place in PLACES} | {OTHERS}

    assert {provider.code for provider in PROVIDERS} <= known
    assert {code for provider in PROVIDERS for code, _ in provider.askers} <= known
    assert [provider.code for provider in PROVIDERS if provider.code in dict(provider.askers)] == []
    assert {provider.code: round(sum(dict(provider.askers).values()), 6) for provider in PROVIDERS} == {
        provider.code: 1 for provider in PROVIDERS
    }
