"""`/admin/surveys`: wordings, rotating items, and versions, which never change once published."""
