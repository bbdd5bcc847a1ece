"""`avatar check`: what is wrong with a recording, and where, before an hour is spent on it."""
