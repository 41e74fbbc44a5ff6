"""Programs that call us and programs that we call: keys and webhooks."""
