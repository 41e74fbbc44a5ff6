"""People, departments and staff: who belongs where, and who has which role."""
