"""Pages: HTTP in, HTTP out; the only layer beside cli and jobs that commits."""
