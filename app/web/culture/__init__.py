"""HR's document of a quarter, the comments, and the codebook by which they are sorted."""
