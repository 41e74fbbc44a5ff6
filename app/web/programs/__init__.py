"""Programs that call us and programs that we call: keys, webhooks, the description of the API."""
