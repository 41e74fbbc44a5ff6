"""Which requests are asked about, by keyed hash: nobody can steer it, and it can be explained a year later."""

import hmac

_BITS = 53  # what a float holds exactly, so that the share is uniform in [0, 1) and never 1


def sample_share(key: bytes, request: str) -> float:
    """Return the request's place in [0, 1); it is asked about if this lies below its department's sampling rate."""
    digest = hmac.digest(key, b"sample|" + request.encode(), "sha256")
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / (1 << _BITS)


def choice_order(key: bytes, request: str) -> bytes:
    """Return the second hash: of several requests of a person the one with the smallest is asked about."""
    return hmac.digest(key, b"choice|" + request.encode(), "sha256")


def sampling_rate(request_count: int, response_rate: float, answers_aimed: int) -> float:
    """Return p = min(1, A / (N * R)): the share of requests to ask about so that about A answers come in a quarter.

    N is last quarter's count of eligible requests of the department, R the share of delivered invitations answered.
    """
    expected = request_count * response_rate
    return 1.0 if expected <= answers_aimed else answers_aimed / expected


def planned_response_rate(
    answered: int, delivered: int, *, least: float, most: float, default: float, enough: int
) -> float:
    """Return answered / delivered held within its bounds, or the default while fewer than `enough` were delivered."""
    if delivered < enough:
        return default
    return min(most, max(least, answered / delivered))
