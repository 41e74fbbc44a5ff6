"""The ways in: a link by mail, the company's identity provider, a passkey, a password with a code."""
