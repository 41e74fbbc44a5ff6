"""What heads and HR decide about a quarter: readers, actions, cases, comments and their codebook."""
