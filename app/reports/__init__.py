"""What we know: reads only. Page, mail, PDF, export and API show the same numbers."""
