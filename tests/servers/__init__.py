"""Real servers for the tests: PostgreSQL, Valkey, SMTP, web and a browser. Nothing here is a mock."""
