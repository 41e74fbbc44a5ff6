"""Tables in: CSV and XLSX read, mapped and checked row by row; never the tables of the database."""
