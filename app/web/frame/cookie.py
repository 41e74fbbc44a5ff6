"""Entries of the signed cookie of staff. It can be read by its owner and changed by nobody."""

SECRET = "staff"  # noqa: S105  the entry's name; it holds the secret of the session
BROWSER = "browser"  # a random name of this browser, to which links are bound
WANTED = "wanted"  # the page that led to the sign-in; beside an open session, to another one
LANGUAGE = "language"  # the one chosen here
KEPT = "kept"  # the secret of an ended session whose form was kept
OIDC = "oidc"  # a sign-in that has begun at the identity provider
IDENTITY = "identity"  # who the provider said it is, until the button is pressed
HALF = "half"  # whose password was right, until the code is
CHALLENGE = "challenge"  # what a browser has to sign with its passkey
ONCE = "once"  # what a press brought about, sealed, for the page that shows it a few minutes long
