"""The steps, in the order of the flow. They never import each other; they meet in the database."""
