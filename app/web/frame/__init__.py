"""What every page rests on: who is looking, what a request and an answer carry, forms, lists, errors.

It knows no page; pages are the packages beside it (pyproject.toml keeps it so).
"""
