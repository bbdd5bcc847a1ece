"""The base lip network: how mouths move and what is inside them, learned from several people."""
