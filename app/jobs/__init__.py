"""The queue and its tasks. Nothing is registered at import; `queue.build_queue` does it for one installation.

The database is the truth and a queue message only a hint: a lost or doubled one is harmless, because due rows
are swept at start and every minute. Web processes import `hints` only, so they load none of the steps.
"""
