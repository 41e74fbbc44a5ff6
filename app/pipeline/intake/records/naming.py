"""Which departments the names of a table mean; see app/models/department_names.py, which the other steps use too."""

from app.models.department_names import departments_by_name

__all__ = ["departments_by_name"]
