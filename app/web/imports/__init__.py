"""`/admin/imports`: tables that are sent, checked and taken over."""
