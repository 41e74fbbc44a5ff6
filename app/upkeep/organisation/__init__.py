"""People, departments and their tree over time, with what a change would come to."""
