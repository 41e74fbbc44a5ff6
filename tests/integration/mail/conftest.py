"""Fixtures of the outbox tests."""

import pytest

from tests.mail.post_office import PostOffice


@pytest.fixture
def post_office() -> PostOffice:
    return PostOffice()
