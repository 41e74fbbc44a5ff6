"""The REST API with its OpenAPI document."""
