"""The second recipe: a mouth network that learns from a large listener what no film here can show it."""
